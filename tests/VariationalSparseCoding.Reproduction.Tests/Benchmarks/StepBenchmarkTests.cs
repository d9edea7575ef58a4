using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

[Trait("Category", "Slow")]
public class StepBenchmarkTests
{
    private static readonly StepBenchmarkOptions Small = new() { Draws = 2, BatchSize = 50, Atoms = 128, InputSize = 16, Steps = 4 };

    [Theory]
    [InlineData("thresholded-laplacian", 0.082)]
    [InlineData("thresholded-gaussian", 0.1)]
    [InlineData("spike-and-slab", 0.1)]
    [InlineData("laplacian", 1)]
    public void The_active_fraction_is_that_of_the_prior(string method, double expected)
    {
        var result = StepBenchmark.Run(Small with { Method = method });
        Assert.Equal(expected, result.ActiveFraction, 0.02);
        // No step is shorter than one of its parts, and so their medians neither, however busy the machine.
        Assert.All(Enum.GetValues<StepPart>(), part => Assert.InRange(result.Parts[part], 0, result.MedianMilliseconds));
        Assert.True(result.Parts.Values.Max() > 0);
        Assert.True(result.FloorMilliseconds > 0);
    }

    [Theory]
    [InlineData("fista")]
    [InlineData("nothing")]
    public void A_method_without_a_variational_step_is_refused(string method) =>
        Assert.Throws<InvalidInputException>(() => StepBenchmark.Run(Small with { Method = method }));

    [Fact]
    public void A_bad_number_is_refused() => Assert.Throws<InvalidInputException>(() => StepBenchmark.Run(Small with { Draws = 0 }));
}
