using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests.Metrics;

public class FeatureRecoveryTests
{
    private static FeatureRecovery Of(float[] learned, int learnedAtoms, float[] codes, float[] truth, int trueAtoms, float[] trueCodes) =>
        FeatureRecovery.Of(DictionaryRecovery.Match<float>(learned, learnedAtoms, truth, trueAtoms), learned, codes, truth, trueCodes);

    [Fact]
    public void The_truth_recovers_itself()
    {
        var truth = new FeatureTruth(new() { Dimension = 24, Features = 48 }, 1);
        var sparse = truth.Rows(0, 500).Codes;
        float[] codes = new float[500 * 48], dictionary = truth.Dictionary();
        for (int row = 0; row < 500; row++) sparse.CopyRow(row, codes.AsSpan(row * 48, 48));
        var recovery = Of(dictionary, 48, codes, dictionary, 48, codes);
        Assert.Equal((1, 1, 1, 1), (recovery.Precision, recovery.Recall, recovery.F1, recovery.Uniqueness));
        Assert.Equal(1, recovery.Shrinkage, 1e-12);
    }

    [Fact]
    public void Each_feature_is_judged_on_its_own()
    {
        // Two known features along the axes. The first learned one is the first known one at half its length and half its value; the second fires everywhere.
        float[] truth = [1, 0, 0, 1], learned = [0.5f, 0, 0, -1];
        float[] trueCodes = [2, 0, 2, 1, 0, 0, 0, 0], codes = [2, -1, 2, -1, 0, -1, 0, -1];
        var recovery = Of(learned, 2, codes, truth, 2, trueCodes);
        Assert.Equal((1 + 0.25) / 2, recovery.Precision, 1e-12);
        Assert.Equal(1, recovery.Recall, 1e-12);
        Assert.Equal((1 + 0.4) / 2, recovery.F1, 1e-12);
        // Contributions 1 of 2, twice, and 1 of 1.
        Assert.Equal((0.5 + 0.5 + 1) / 3, recovery.Shrinkage, 1e-6);
    }

    [Fact]
    public void Copies_of_a_feature_are_not_unique_and_a_feature_that_never_fires_does_not_count()
    {
        // The second learned feature is the first known one; the first is nearly that too, and matched with what is left.
        float[] truth = [1, 0, 0, 1], learned = [1, 0.9f, 0.1f, 0];
        var recovery = Of(learned, 2, [0, 1, 0, 0], truth, 2, [1, 0, 0, 0]);
        Assert.Equal(0.5, recovery.Uniqueness);
        Assert.Equal((1, 1), (recovery.Precision, recovery.F1));
    }

    [Fact]
    public void Fewer_learned_features_are_judged_alone()
    {
        var recovery = Of([1, 0], 1, [1, 1], [1, 0, 0, 1], 2, [1, 1, 1, 0]);
        Assert.Equal((1, 1, 1, 1), (recovery.Precision, recovery.Recall, recovery.F1, recovery.Uniqueness));
    }
}
