using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class SparseCodingObjectiveTests
{
    [Fact]
    public void Terms_of_a_small_case_by_hand()
    {
        // A = [[1, 2], [0, 1]]; residuals (1, 1) - (1, 0) = (0, 1) and (3, -1) - (0, 0).
        var terms = SparseCodingObjective.Compute<float>([1, 1, 3, -1], 2, [1, 2, 0, 1], [1, 0, 0, 0], 2);
        Assert.Equal(new SparseCodingObjective((0.5 + 5) / 2, 0.5, 0.25, 6, 20, 1e-3), terms);
        Assert.Equal(2.75 + 10, terms.Value, 1e-15);
        Assert.Equal(2.75 + 10 + 6e-3, terms.ValueWithFrobenius, 1e-15);
        Assert.Equal(new SparseCodingObjective(3, 0, 0, 6, 20, 1e-3), terms.AllZero<float>([1, 1, 3, -1], 2));
    }

    [Fact]
    public void Agrees_with_the_plain_sums()
    {
        const int count = 9, dimension = 11, features = 6;
        double[] samples = Normals(count * dimension, 1), dictionary = Normals(dimension * features, 2), codes = SoftThreshold(Normals(count * features, 3), 0.5);
        double reconstruction = 0;
        for (int i = 0; i < samples.Length; i++)
            reconstruction += 0.5 / count * Math.Pow(samples[i] - Enumerable.Range(0, features).Sum(k => dictionary[i % dimension * features + k] * codes[i / dimension * features + k]), 2);
        var terms = SparseCodingObjective.Compute<double>(samples, dimension, dictionary, codes, features, lambda: 3, kappa: 0.5);
        Assert.Equal(reconstruction, terms.Reconstruction, 1e-11);
        Assert.Equal(codes.Sum(Math.Abs) / count, terms.L1, 1e-12);
        Assert.Equal(codes.Count(code => code != 0) / (double)codes.Length, terms.ActiveFraction, 1e-15);
        Assert.Equal(reconstruction + 3 * terms.L1 + 0.5 * dictionary.Sum(a => a * a), terms.ValueWithFrobenius, 1e-11);
    }

    [Fact]
    public void All_zero_codes_of_standardised_patches_score_half_the_dimension()
    {
        double[] samples = Normals(2000 * 256, 4);
        var terms = SparseCodingObjective.Compute<double>(samples, 256, new double[256 * 3], new double[2000 * 3], 3);
        Assert.Equal(128, terms.Value, 5 * Math.Sqrt(256 / 2.0 / 2000));
        Assert.Equal(terms.Reconstruction, terms.AllZero<double>(samples, 256).Reconstruction, 1e-10);
        Assert.Equal(0, terms.ActiveFraction);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SparseCodingObjective.Compute<float>([1, 2], 2, [1, 2, 3], [1], 1));
        Assert.Throws<ArgumentException>(() => SparseCodingObjective.Compute<float>([1, 2], 2, [1, 2], [1, 2], 1));
    }
}
