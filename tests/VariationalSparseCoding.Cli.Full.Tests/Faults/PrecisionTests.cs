using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>Dictionaries trained in bf16, from the first epoch to their codes.</summary>
[Trait("Category", "Slow")]
public sealed class PrecisionTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("spike-and-slab")]
    public async Task A_dictionary_trained_in_bf16_is_validated_and_encodes(string method)
    {
        Assert.SkipUnless(ComputeOptions.SupportsBfloat16, "This processor has no arithmetic of bfloat16.");
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run");
        (await Vsc.Run(TinyData.Train(matrix, run, "--method", method, "--precision", "bf16"))).Done();
        foreach (string kind in new[] { "best", "draw", "mean", "map" })
            (await Vsc.Run("encode", run, matrix, "-o", scratch.File("codes.npy"), "--codes", kind)).Succeeded();
    }
}
