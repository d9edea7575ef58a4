using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

public sealed class MapBenchmarkTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Trait("Category", "Slow")]
    [Fact]
    public void Solves_what_the_files_hold()
    {
        Npy.Write<float>(folder.File("dictionary.npy"), new float[] { 3, 0, 4, 1 }, 2);
        Npy.Write<float>(folder.File("samples.npy"), new float[] { 1, 1, -2, 0, 0, 0 }, 2);
        var result = MapBenchmark.Run(folder.File("dictionary.npy"), folder.File("samples.npy"), MapSolver.ActiveSet, new() { Lambda = 1 }, rounds: 2);
        Assert.Equal((3, 1), (result.Samples, result.ConvergedFraction));
        Assert.InRange(result.MaximumRelativeGap, 0, 1e-6);
        Assert.True(result.MedianMilliseconds > 0);
    }

    [Fact]
    public void Files_and_rounds_that_cannot_be_used_are_named()
    {
        Npy.Write<float>(folder.File("dictionary.npy"), new float[6], 2);
        Npy.Write<float>(folder.File("samples.npy"), new float[4], 2);
        Assert.Contains("has 2 columns where the dictionary", Refused(1), StringComparison.Ordinal);
        Assert.Contains("must be at least 1, not 0", Refused(0), StringComparison.Ordinal);

        string Refused(int rounds) => Assert.Throws<InvalidInputException>(
            () => MapBenchmark.Run(folder.File("dictionary.npy"), folder.File("samples.npy"), MapSolver.Fista, new(), rounds)).Message;
    }

    public void Dispose() => folder.Dispose();
}
