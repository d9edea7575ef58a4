using System.Diagnostics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Tensors;
using VariationalSparseCoding.Torch.Training;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>What <see cref="StepBenchmark"/> and <see cref="DeepStepBenchmark"/> measure.</summary>
internal sealed record StepBenchmarkOptions
{
    /// <summary>A variational method of <see cref="MethodTable"/>.</summary>
    public string Method { get; init; } = MethodTable.Default.Name;

    /// <summary>Draws per input, J. At least 1.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>Inputs per step, B. At least 1.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Number of atoms, d. At least 1.</summary>
    public int Atoms { get; init; } = 256;

    /// <summary>Size of an input, D. At least 1.</summary>
    public int InputSize { get; init; } = 256;

    /// <summary>Threads; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>What the inference network's products are computed in.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Fp32;

    /// <summary>Measured steps. At least 1.</summary>
    public int Steps { get; init; } = 200;
}

/// <summary>The time of warm training steps.</summary>
/// <param name="MedianMilliseconds">Median of a whole step.</param>
/// <param name="FloorMilliseconds">Median of what no step can do without, by the tensor library alone: the inference network's forward and backward pass and its update.</param>
/// <param name="Parts">Medians of the parts in milliseconds; empty where the tensor library makes the step.</param>
/// <param name="ActiveFraction">The fraction of active codes in the last step.</param>
/// <param name="Threads">The number of threads.</param>
internal sealed record StepBenchmarkResult(
    double MedianMilliseconds, double FloorMilliseconds, IReadOnlyDictionary<StepPart, double> Parts, double ActiveFraction, int Threads);

/// <summary>Times training steps on random inputs. The heads begin at the prior, so that the active fraction is the method's own.</summary>
internal static class StepBenchmark
{
    private const int Rounds = 4, WarmSteps = 10, Batches = 32;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures the step and its floor, in turns.</summary>
    /// <param name="options">What to measure.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="InvalidInputException">There is no such variational method, or a number is out of its range.</exception>
    public static StepBenchmarkResult Run(StepBenchmarkOptions options, CancellationToken cancellationToken = default)
    {
        var experiment = Describe(options);
        if (get_num_threads() != experiment.Compute.Threads) set_num_threads(experiment.Compute.Threads);
        using var model = Engines.CreateModel(experiment, Preprocessing.OfVectors(options.InputSize));
        using var step = Engines.CreateStep(model, stepsPerEpoch: 800);
        using var floor = new Floor(experiment, options.InputSize);
        var managed = step as LinearTraining;
        var batches = Enumerable.Range(0, Batches).Select(number => Batch(options, number)).ToArray();

        var times = new StepTimes();
        var partTimes = Enum.GetValues<StepPart>().ToDictionary(part => part, _ => new List<double>());
        List<double> stepTimes = [], floorTimes = [];
        double active = 0;
        int done = 0, perRound = (options.Steps + Rounds - 1) / Rounds;
        for (int round = 0; round < Rounds; round++)
        {
            // Each begins with the processors at rest: the tensor library's threads stay busy for a while after their last work.
            Thread.Sleep(Rest);
            for (int i = -WarmSteps; i < perRound; i++, done++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                times.Restart();
                long start = Stopwatch.GetTimestamp();
                var terms = managed?.Apply(batches[done % Batches], done, times) ?? step.Apply(batches[done % Batches], done);
                active = terms["active_fraction"];
                if (i < 0) continue;
                stepTimes.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                foreach (var (part, list) in partTimes) list.Add(times[part]);
            }
            Thread.Sleep(Rest);
            for (int i = -WarmSteps; i < perRound; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                floor.Step(batches[(i + WarmSteps) % Batches]);
                if (i >= 0) floorTimes.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        var parts = managed is null ? [] : partTimes.ToDictionary(pair => pair.Key, pair => MedianTime.Of(pair.Value));
        return new(MedianTime.Of(stepTimes), MedianTime.Of(floorTimes), parts, active, experiment.Compute.Threads);
    }

    /// <summary>The experiment whose step is measured.</summary>
    internal static Experiment Describe(StepBenchmarkOptions options)
    {
        var method = MethodTable.FindVariational(options.Method);
        if (options.InputSize < 1 || options.Steps < 1) throw new InvalidInputException("The size of an input and the number of steps must be at least 1.");
        var defaults = method.Defaults();
        var experiment = TrainingRun.Resolve(defaults with
        {
            Posterior = defaults.Posterior with { InitialHeads = InitialHeads.Prior },
            Sampling = defaults.Sampling with { Draws = options.Draws },
            Generator = defaults.Generator with { Atoms = options.Atoms },
            Schedule = defaults.Schedule with { BatchSize = options.BatchSize, LearningRate = 1e-3, WarmUp = new() { Initial = 1, Start = 0 } },
            Compute = new() { Threads = options.Threads, Precision = options.Precision },
        });
        if (experiment.Validate() is [var first, ..]) throw new InvalidInputException(first);
        return experiment;
    }

    /// <summary>Standard normal inputs, [B, D].</summary>
    internal static float[] Batch(StepBenchmarkOptions options, int number)
    {
        float[] batch = new float[options.BatchSize * options.InputSize];
        CounterNoise.FillNormal<float>(new(0, NoisePurpose.Data, (uint)number), 0, 0, options.BatchSize, 1, options.InputSize, batch);
        return batch;
    }

    /// <summary>The inference network alone, as the tensor library trains it.</summary>
    private sealed class Floor : IDisposable
    {
        private readonly int inputSize;
        private readonly InferenceNetwork network;
        private readonly Tensor[] parameters;
        private readonly NesterovOptimiser optimiser;
        private readonly double learningRate;

        public Floor(Experiment experiment, int inputSize)
        {
            this.inputSize = inputSize;
            network = new(inputSize, experiment.Generator.Atoms, RowPosterior.HeadsOf(experiment.Posterior), experiment.Seed);
            (parameters, learningRate) = ([.. network.parameters()], experiment.Schedule.LearningRate);
            optimiser = new([.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))], experiment.Schedule.Momentum);
        }

        public void Step(float[] batch)
        {
            using var scope = NewDisposeScope();
            var outputs = network.forward(tensor(batch, [batch.Length / inputSize, inputSize]));
            var mean = network.Heads.Select(head => outputs[head].mean()).Aggregate((sum, next) => sum.Plus(next));
            optimiser.Step([.. autograd.grad([mean], parameters)], learningRate);
        }

        public void Dispose()
        {
            optimiser.Dispose();
            network.Dispose();
        }
    }
}
