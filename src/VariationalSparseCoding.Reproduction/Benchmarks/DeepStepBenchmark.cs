using System.Diagnostics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>The time of warm steps with a convolutional generator, medians.</summary>
/// <param name="SelectedMilliseconds">With the draws screened and the best differentiated.</param>
/// <param name="AllMilliseconds">With all draws differentiated, in float32.</param>
/// <param name="Threads">The number of threads.</param>
internal sealed record DeepStepBenchmarkResult(double SelectedMilliseconds, double AllMilliseconds, int Threads);

/// <summary>Times whole training steps with a convolutional generator on random images: batch normalisation over the selected draws beside over all of them, in turns.</summary>
internal static class DeepStepBenchmark
{
    /// <summary>The paper's sizes: d latent features, and an input size that is the rows and columns of an image, 28 (grey) or 64 (colour). The precision is that of the draws' screening.</summary>
    public static StepBenchmarkOptions Defaults { get; } = new() { Method = "thresholded-gaussian", BatchSize = 512, Atoms = 64, InputSize = 28, Steps = 5 };

    /// <summary>Measures both kinds of step.</summary>
    /// <param name="options">What to measure.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="InvalidInputException">There is no such variational method, or a number is out of its range.</exception>
    public static DeepStepBenchmarkResult Run(StepBenchmarkOptions options, CancellationToken cancellationToken = default)
    {
        var selected = Describe(options, BatchNormStatistics.Selected, options.Precision);
        if (get_num_threads() != selected.Compute.Threads) set_num_threads(selected.Compute.Threads);
        var shape = new ImageShape(options.InputSize == 28 ? 1 : 3, options.InputSize, options.InputSize);
        using var fastModel = new TorchModel(selected, Preprocessing.OfImages(shape));
        using var slowModel = new TorchModel(Describe(options, BatchNormStatistics.All, ComputePrecision.Fp32), Preprocessing.OfImages(shape));
        using ConvolutionalStep fast = new(fastModel, stepsPerEpoch: 1), slow = new(slowModel, stepsPerEpoch: 1);
        float[] batch = new float[options.BatchSize * shape.Size];
        CounterNoise.FillUniform<float>(new(0, NoisePurpose.Data, 0), 0, 0, options.BatchSize, 1, shape.Size, batch);
        List<double> fastTimes = [], slowTimes = [];
        for (int step = 0; step <= options.Steps; step++)
        {
            foreach (var (training, times) in new[] { (fast, fastTimes), (slow, slowTimes) })
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                training.Apply(batch, step);
                // The first step of each warms up.
                if (step > 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        return new(MedianTime.Of(fastTimes), MedianTime.Of(slowTimes), selected.Compute.Threads);
    }

    private static Experiment Describe(StepBenchmarkOptions options, BatchNormStatistics statistics, ComputePrecision precision)
    {
        var method = MethodTable.FindVariational(options.Method);
        if (options.InputSize is not (28 or 64)) throw new InvalidInputException($"The size of an image must be 28 or 64, not {options.InputSize}.");
        if (options.Steps < 1) throw new InvalidInputException("The number of steps must be at least 1.");
        var defaults = method.Defaults(generator: GeneratorKind.Convolutional);
        var experiment = TrainingRun.Resolve(defaults with
        {
            Data = defaults.Data with { TrainSamples = options.BatchSize },
            Sampling = defaults.Sampling with { Draws = options.Draws },
            Generator = defaults.Generator with { Atoms = options.Atoms, BatchNorm = statistics },
            Schedule = defaults.Schedule with { BatchSize = options.BatchSize },
            Compute = new() { Threads = options.Threads, Precision = precision },
        });
        return experiment.Validate() is [var first, ..] ? throw new InvalidInputException(first) : experiment;
    }
}
