using System.Diagnostics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>What <see cref="CodeBenchmark"/> measures.</summary>
internal sealed record CodeBenchmarkOptions
{
    /// <summary>Numbers of FISTA steps, and of passes of coordinate descent; each from 0 to 10,000.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [0, 1, 3, 10, 30];

    /// <summary>Measured rounds, from 1 to 1,000. A round encodes all validation samples in every way.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Samples encoded at a time, B, from 1 to 100,000.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>J of the best sample, from 1 to 10,000. Null: the run's, or 20 where that is 1.</summary>
    public int? Samples { get; init; }

    /// <summary>Threads; 0 takes one per core. Null: the run's.</summary>
    public int? Threads { get; init; }

    internal void Validate()
    {
        if (Steps.Count == 0 || Steps.Any(steps => steps is < 0 or > 10_000)) throw new InvalidInputException($"steps: must be numbers from 0 to 10000, not '{string.Join(',', Steps)}'.");
        Require("rounds", Rounds, 1, 1000);
        Require("batch size", BatchSize, 1, 100_000);
        if (Samples is { } samples) Require("samples", samples, 1, 10_000);
        if (Threads is { } threads) Require("threads", threads, 0, 1024);
    }

    private static void Require(string name, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest) throw new InvalidInputException($"{name}: must lie between {lowest} and {highest}, not {value}.");
    }
}

/// <summary>
/// Objective against time of a trained run's codes on its validation samples: sample, best of J, mean and mode, each refined by FISTA steps, beside
/// FISTA and coordinate descent from zero, the converged optimum and the all-zero code. The time is that of codes in memory from preprocessed samples in
/// memory. What is computed once per dictionary (Gram matrix, its spectral norm) is not in it, nor the objective; a pass solver's own bookkeeping of its gap is.
/// </summary>
internal static class CodeBenchmark
{
    private const int SamplesWhereTrainedWithOne = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures the newest checkpoint of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="options">What to measure; null for the defaults.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, it or the data cannot be read, or an option is out of range.</exception>
    public static CodeBenchmarkResult Run(RunFolder folder, CodeBenchmarkOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        options.Validate();
        if (folder.Experiment.Generator.Kind != GeneratorKind.Linear)
            throw new InvalidInputException($"{folder.Root}: has a convolutional generator; codes are timed beside solvers, which need a dictionary: name a run with a linear generator.");
        using var run = OpenedRun.Open(folder);
        var (experiment, model, data, _) = run;
        int threads = options.Threads ?? experiment.Compute.Threads;
        if (threads == 0) threads = Environment.ProcessorCount;
        if (get_num_threads() != threads) set_num_threads(threads);
        if (data.Validation.Count == 0) throw new InvalidInputException($"{folder.Root}: has no validation samples to encode.");

        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var problem = new LassoProblem(model.Linear.Dictionary.HostSpan(), experiment.Generator.Atoms);
        int budget = options.Samples ?? (experiment.Sampling.EvaluationBudget > 1 ? experiment.Sampling.EvaluationBudget : SamplesWhereTrainedWithOne);
        var ways = Ways(model, problem, [.. options.Steps.Distinct().Order()], budget, threads).ToList();
        var batches = Batches(data.Validation, options.BatchSize, model.Device);
        var terms = ways.Select(way => Objective(model, data.Validation, way.Encode, batches)).ToList();
        var times = ways.Select(_ => new List<double>()).ToList();
        for (int round = 0; round < options.Rounds; round++)
            for (int way = 0; way < ways.Count; way++) times[way].Add(Microseconds(ways[way].Encode, batches, cancellation));
        MeasuredCodes zero = new(CodeRoute.ZeroCode, 0, Objective(model, data.Validation, (batch, _) => zeros(batch.shape[0], problem.Atoms), batches), 0);
        return new()
        {
            Experiment = experiment,
            SampleCount = data.Validation.Count,
            Samples = budget,
            BatchSize = options.BatchSize,
            Threads = threads,
            Rounds = options.Rounds,
            Codes = [.. ways.Select((way, i) => new MeasuredCodes(way.Route, way.Steps, terms[i], MedianTime.Of(times[i]) / data.Validation.Count)), zero],
        };
    }

    private static IEnumerable<Way> Ways(SparseCodingModel model, LassoProblem problem, int[] steps, int budget, int threads)
    {
        double lambda = model.Experiment.Objective.Lambda;
        foreach (var (route, kind, samples) in Starts(model, budget))
        {
            var inference = new CodeInference(model, Anneal.Evaluation);
            var key = new NoiseKey(model.Experiment.Seed, NoisePurpose.Evaluation, 0);
            foreach (int count in steps)
                yield return new(route, count, (batch, firstRow) =>
                {
                    var start = inference.FromNetwork(kind, batch, key, firstRow, samples);
                    return count == 0 ? start : Codes(problem.Iterate(batch.HostSpan(), lambda, count, start.HostSpan(), threads));
                });
        }
        // After no steps both have the all-zero code.
        foreach (int count in steps.Where(count => count > 0)) yield return new(CodeRoute.Fista, count, (batch, _) => Codes(problem.Iterate(batch.HostSpan(), lambda, count, threads: threads)));
        foreach (int count in steps.Where(count => count > 0))
            yield return new(CodeRoute.CoordinateDescent, count, (batch, _) => Codes(problem.Solve(batch.HostSpan(), MapOptions.Steps(lambda, count) with { Threads = threads }, MapSolver.CoordinateDescent).Codes));
        yield return new(CodeRoute.Converged, 0, (batch, _) => Codes(problem.Solve(batch.HostSpan(), new() { Lambda = lambda, Threads = threads }).Codes));

        Tensor Codes(float[] codes) => tensor(codes, [codes.Length / problem.Atoms, problem.Atoms]);
    }

    private static IEnumerable<(CodeRoute Route, CodeKind Kind, int Samples)> Starts(SparseCodingModel model, int budget)
    {
        if (model.Network is null) yield break;
        yield return (CodeRoute.Sample, CodeKind.AsTrained, 1);
        // Under the other selections there is no best sample.
        if (budget > 1 && model.Experiment.Sampling.Selection == SampleSelection.Max) yield return (CodeRoute.BestSample, CodeKind.AsTrained, budget);
        yield return (CodeRoute.Mean, CodeKind.Mean, 1);
        yield return (CodeRoute.Mode, CodeKind.Mode, 1);
    }

    private static List<(Tensor Samples, int FirstRow)> Batches(ISampleSet samples, int size, Device device)
    {
        var batches = new List<(Tensor, int)>();
        for (int first = 0; first < samples.Count; first += size)
            batches.Add((samples.Batch(first, Math.Min(size, samples.Count - first), device), first));
        return batches;
    }

    /// <summary>Encodes everything once and measures the codes; it is also what warms the way up before its time is taken.</summary>
    private static SparseCodingObjective Objective(SparseCodingModel model, ISampleSet samples, Func<Tensor, int, Tensor> encode, List<(Tensor Samples, int FirstRow)> batches)
    {
        int atoms = model.Experiment.Generator.Atoms;
        float[] codes = new float[samples.Count * atoms];
        foreach (var (batch, firstRow) in batches)
        {
            using var scope = NewDisposeScope();
            encode(batch, firstRow).to(ScalarType.Float32, CPU).contiguous().Span<float>().CopyTo(codes.AsSpan(firstRow * atoms));
        }
        return CodeEvaluation.Objective(model, samples, codes);
    }

    private static double Microseconds(Func<Tensor, int, Tensor> encode, List<(Tensor Samples, int FirstRow)> batches, CancellationToken cancellation)
    {
        // The tensor library's threads stay busy for a while after their last work, to the loss of a solver with threads of its own.
        Thread.Sleep(Rest);
        long start = Stopwatch.GetTimestamp();
        foreach (var (batch, firstRow) in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            encode(batch, firstRow).cpu();
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private sealed record Way(CodeRoute Route, int Steps, Func<Tensor, int, Tensor> Encode);
}
