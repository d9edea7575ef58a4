using VariationalSparseCoding;
using VariationalSparseCoding.Synthetic;

// Learns from a stream that is never in memory as a whole: blocks come and go, optimiser and schedules go on.

using var coder = new SparseCoder(new() { Atoms = 12, Epochs = 4, SamplesPerEpoch = 1000, Threads = 1 });
await coder.PartialFitAsync(Blocks(), dimension: 16, new Every(1000));
Console.WriteLine($"fitted on a stream: dictionary of {coder.Dictionary.GetLength(0)} x {coder.Dictionary.GetLength(1)}");

// Stands for a database, a socket or files: four blocks of 1000 samples of one source.
static async IAsyncEnumerable<ReadOnlyMemory<float>> Blocks()
{
    float[] all = SyntheticData.Generate(new() { Samples = 4000, Dimension = 16, Atoms = 12, Support = 2 }, seed: 1).Samples;
    for (int first = 0; first < all.Length; first += 1000 * 16)
    {
        await Task.Yield();
        yield return all.AsMemory(first, 1000 * 16);
    }
}

/// <summary>Prints the loss after every so many samples.</summary>
internal sealed class Every(int samples) : IProgress<VariationalSparseCoding.Training.StepEvent>
{
    public void Report(VariationalSparseCoding.Training.StepEvent value)
    {
        if (value.Step * 100 % samples == 0) Console.WriteLine(FormattableString.Invariant($"step {value.Step} of {value.TotalSteps}: loss {value.Terms["loss"]:F3}"));
    }
}
