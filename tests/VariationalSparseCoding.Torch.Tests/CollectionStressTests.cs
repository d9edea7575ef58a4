using System.Diagnostics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests;

/// <summary>What native code reads stays alive, however often garbage is collected.</summary>
[Trait("Category", "Slow")]
public class CollectionStressTests
{
    private const int Rows = 6;

    private static readonly TimeSpan Duration = Stress.Duration;

    [Theory, Trait("Fault", "B1")]
    [InlineData(GeneratorKind.Convolutional, PriorKind.Fixed)]
    [InlineData(GeneratorKind.Linear, PriorKind.Vamp)]
    public async Task Training_and_codes_are_the_same_while_garbage_is_collected(GeneratorKind generator, PriorKind prior)
    {
        float[] expected = Work(generator, prior);
        using var ended = new CancellationTokenSource();
        var collectors = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Collect(ended.Token))).ToArray();
        var workers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            long start = Stopwatch.GetTimestamp();
            do Assert.Equal(expected, Work(generator, prior));
            while (Stopwatch.GetElapsedTime(start) < Duration);
        })).ToArray();
        try
        {
            await Task.WhenAll(workers);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(collectors);
        }
    }

    private static void Collect(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            for (int i = 0; i < 100; i++) GC.KeepAlive(new byte[1000]);
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Two training steps, codes and what they stand for.</summary>
    private static float[] Work(GeneratorKind generator, PriorKind prior)
    {
        var shape = new ImageShape(1, 28, 28);
        var preprocessing = generator == GeneratorKind.Linear ? Preprocessing.OfVectors(10) : Preprocessing.OfImages(shape);
        var defaults = MethodTable.Find("thresholded-gaussian-gamma")!.Defaults(Fidelity.Equations, generator);
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = 3 },
            Prior = new() { Kind = prior, Components = 3 },
            Sampling = defaults.Sampling with { Draws = 3 },
            Schedule = defaults.Schedule with { BatchSize = Rows, Epochs = 1 },
            Compute = defaults.Compute with { Threads = 1 },
        };
        using var state = new TrainingState(Engines.CreateModel(experiment, preprocessing), 2 * Rows);
        int dimension = preprocessing.Dimension;
        float[] x = RandomNumbers.Normal(0, Rows * dimension), codes = new float[Rows * 3], samples = new float[Rows * dimension];
        double[] terms = [.. Enumerable.Range(0, 2).SelectMany(step => state.Step.Apply(x, step).Values)];
        state.Model.Encode(new(CodeKind.AsTrained, new(1, NoisePurpose.Evaluation, 0), 3, AnnealedWeights.Evaluation), x, 0, codes);
        state.Model.Decode(codes, samples);
        return [.. terms.Select(term => (float)term), .. codes, .. samples];
    }
}
