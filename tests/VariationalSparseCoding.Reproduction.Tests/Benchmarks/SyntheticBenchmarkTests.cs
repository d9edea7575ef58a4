using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

[Trait("Category", "Slow")]
public class SyntheticBenchmarkTests
{
    [Fact]
    public void FISTA_recovers_the_atoms_and_supports_of_the_easy_set()
    {
        var result = SyntheticBenchmark.Run("fista", SyntheticSet.Easy, epochs: 4, threads: 1);
        Assert.InRange(result.Dictionary.FractionRecovered(), 0.95, 1);
        Assert.InRange(result.Support.F1, 0.95, 1);
    }

    [Fact]
    public void An_untrained_dictionary_recovers_nothing()
    {
        var learned = SyntheticData.Generate(SyntheticSet.Easy.Options with { Samples = 1 }, seed: 1).Dictionary;
        var truth = SyntheticData.Generate(SyntheticSet.Easy.Options with { Samples = 1 }, seed: 0).Dictionary;
        Assert.Equal(0, DictionaryRecovery.Match<float>(learned, 32, truth, 32).FractionRecovered());
    }
}
