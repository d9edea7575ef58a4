using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class DictionaryStatisticsTests
{
    // Atoms (3, 4), (-6, -8), (4, -3), (1, 1) and zero.
    private static readonly float[] Dictionary = [3, -6, 4, 1, 0, 4, -8, -3, 1, 0];

    [Fact]
    public void Norms_by_hand() => AssertClose([5, 10, 5, Math.Sqrt(2), 0], DictionaryStatistics.Norms<float>(Dictionary, 5), 1e-15);

    [Fact]
    public void Near_duplicates_come_with_their_sign_and_most_similar_first()
    {
        var pairs = DictionaryStatistics.NearDuplicates<float>(Dictionary, 5, 0.9);
        double diagonal = 7 / (5 * Math.Sqrt(2));
        Assert.Equal([(0, 1), (0, 3), (1, 3)], pairs.Select(pair => (pair.First, pair.Second)));
        AssertClose([-1, diagonal, -diagonal], [.. pairs.Select(pair => pair.Cosine)], 1e-15);
        Assert.Single(DictionaryStatistics.NearDuplicates<float>(Dictionary, 5, 0.995));
    }

    [Fact]
    public void Coherence_of_orthogonal_equal_and_single_atoms()
    {
        Assert.Equal(1, DictionaryStatistics.Coherence<float>(Dictionary, 5), 1e-15);
        Assert.Equal(0, DictionaryStatistics.Coherence<double>([1, 0, 0, 2], 2), 1e-15);
        Assert.Equal(0, DictionaryStatistics.Coherence<double>([1, 7], 1));
        Assert.Equal(0.6, DictionaryStatistics.Coherence<double>([1, 3, 0, 4], 2), 1e-15);
    }
}
