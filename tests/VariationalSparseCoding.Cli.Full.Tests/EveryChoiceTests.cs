namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>Choices that only the tensor library trains are interrupted and resumed.</summary>
[Trait("Category", "Slow")]
public sealed class EveryChoiceTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("thresholded-laplacian", "--selection iwae")]
    [InlineData("spike-and-slab", "--set posterior.estimator=gumbel-softmax")]
    [InlineData("spike-and-slab", "--set posterior.estimator=gumbel-rao")]
    public async Task Another_choice_is_resumed_bit_for_bit(string method, string words)
    {
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run"), again = scratch.File("again");
        (await Vsc.Run([.. TinyData.Train(matrix, run, "--method", method), .. TinyData.Words(words)])).Succeeded();
        Interrupted.Train(run, again, atStep: 13);
        (await Vsc.Run("resume", again)).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(run), TrainedRun.FinalCheckpoint(again));
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_named() =>
        (await Vsc.Run("train", "--device", "cuda", "--output", scratch.File("run"))).Refused("compute.device", "CUDA");
}
