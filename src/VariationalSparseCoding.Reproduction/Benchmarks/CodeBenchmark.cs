using System.Diagnostics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;

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

    /// <summary>J of the best draw, from 1 to 10,000. Null: the run's, or 20 where that is 1.</summary>
    public int? Draws { get; init; }

    /// <summary>Threads; 0 takes one per core. Null: the run's.</summary>
    public int? Threads { get; init; }

    internal void Validate()
    {
        if (Steps.Count == 0 || Steps.Any(steps => steps is < 0 or > 10_000)) throw new InvalidInputException($"steps: must be numbers from 0 to 10000, not '{string.Join(',', Steps)}'.");
        Require("rounds", Rounds, 1, 1000);
        Require("batch size", BatchSize, 1, 100_000);
        if (Draws is { } draws) Require("draws", draws, 1, 10_000);
        if (Threads is { } threads) Require("threads", threads, 0, 1024);
    }

    private static void Require(string name, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest) throw new InvalidInputException($"{name}: must lie between {lowest} and {highest}, not {value}.");
    }
}

/// <summary>
/// Objective against time of a trained run's codes on its validation samples: one draw, best of J, mean and mode, each refined by FISTA steps, beside
/// FISTA and coordinate descent from zero, the converged optimum and the all-zero code. The time is that of codes in memory from preprocessed samples in
/// memory. What is computed once per dictionary (Gram matrix, its spectral norm) is not in it, nor the objective; a pass solver's own bookkeeping of its gap is.
/// </summary>
internal static class CodeBenchmark
{
    private const int DrawsWhereTrainedWithOne = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures the newest checkpoint of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="options">What to measure; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, it or the data cannot be read, or an option is out of range.</exception>
    public static CodeBenchmarkResult Run(RunFolder folder, CodeBenchmarkOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Validate();
        if (folder.Experiment.Generator.Kind != GeneratorKind.Linear)
            throw new InvalidInputException($"{folder.Root}: has a convolutional generator; codes are timed beside solvers, which need a dictionary: name a run with a linear generator.");
        using var run = LoadedRun.Open(folder);
        var (experiment, _, data, _) = run;
        int threads = options.Threads ?? experiment.Compute.Threads;
        if (threads == 0) threads = Environment.ProcessorCount;
        using var model = ModelCopies.OnThreads(run.Model, threads);
        if (data.Validation.Count == 0) throw new InvalidInputException($"{folder.Root}: has no validation samples to encode.");

        var problem = new LassoProblem(model.Dictionary(), model.Atoms);
        int draws = options.Draws ?? (experiment.Sampling.DrawsInEvaluation > 1 ? experiment.Sampling.DrawsInEvaluation : DrawsWhereTrainedWithOne);
        var ways = Ways(model, problem, [.. options.Steps.Distinct().Order()], draws, threads).ToList();
        var batches = Batches(data.Validation, options.BatchSize);
        var terms = ways.Select(way => Objective(model, data.Validation, way.Encode, batches)).ToList();
        var times = ways.Select(_ => new List<double>()).ToList();
        for (int round = 0; round < options.Rounds; round++)
            for (int way = 0; way < ways.Count; way++) times[way].Add(Microseconds(ways[way].Encode, batches, cancellationToken));
        MeasuredCodes zero = new(CodeRoute.ZeroCode, 0, Objective(model, data.Validation, (batch, _) => new float[batch.Length / model.Dimension * model.Atoms], batches), 0);
        return new()
        {
            Experiment = experiment,
            SampleCount = data.Validation.Count,
            Draws = draws,
            BatchSize = options.BatchSize,
            Threads = threads,
            Rounds = options.Rounds,
            Codes = [.. ways.Select((way, i) => new MeasuredCodes(way.Route, way.Steps, terms[i], MedianTime.Of(times[i]) / data.Validation.Count)), zero],
        };
    }

    private static IEnumerable<Way> Ways(SparseCodingModel model, LassoProblem problem, int[] steps, int draws, int threads)
    {
        double lambda = model.Experiment.Objective.Lambda;
        foreach (var request in Starts(model, draws))
            foreach (int count in steps)
                yield return new(request.Route, count, (batch, firstRow) =>
                {
                    float[] start = new float[batch.Length / model.Dimension * model.Atoms];
                    model.Encode(request.Codes, batch, firstRow, start);
                    return count == 0 ? start : problem.Iterate(batch, lambda, count, start, threads);
                });
        // After no steps both have the all-zero code.
        foreach (int count in steps.Where(count => count > 0)) yield return new(CodeRoute.Fista, count, (batch, _) => problem.Iterate(batch, lambda, count, threads: threads));
        foreach (int count in steps.Where(count => count > 0))
            yield return new(CodeRoute.CoordinateDescent, count, (batch, _) => problem.Solve(batch, MapOptions.Steps(lambda, count) with { Threads = threads }, MapSolver.CoordinateDescent).Codes);
        yield return new(CodeRoute.Converged, 0, (batch, _) => problem.Solve(batch, new() { Lambda = lambda, Threads = threads }).Optimal());
    }

    private static IEnumerable<(CodeRoute Route, CodeRequest Codes)> Starts(SparseCodingModel model, int draws)
    {
        if (!MethodTable.Find(model.Experiment.Method)!.IsVariational) yield break;
        yield return (CodeRoute.Draw, Request(CodeKind.AsTrained, 1));
        // Under the other selections there is no best draw.
        if (draws > 1 && model.Experiment.Sampling.Selection == DrawSelection.Max) yield return (CodeRoute.BestDraw, Request(CodeKind.AsTrained, draws));
        yield return (CodeRoute.Mean, Request(CodeKind.Mean, 1));
        yield return (CodeRoute.Mode, Request(CodeKind.Mode, 1));

        CodeRequest Request(CodeKind kind, int count) => new(kind, new(model.Experiment.Seed, NoisePurpose.Evaluation, 0), count, AnnealedWeights.Evaluation);
    }

    private static List<(float[] Samples, int FirstRow)> Batches(ISampleSet samples, int size)
    {
        var batches = new List<(float[], int)>();
        for (int first = 0; first < samples.Count; first += size) batches.Add((samples.Rows(first, Math.Min(size, samples.Count - first)), first));
        return batches;
    }

    /// <summary>Encodes everything once and measures the codes; it is also what warms the way up before its time is taken.</summary>
    private static SparseCodingObjective Objective(SparseCodingModel model, ISampleSet samples, Func<float[], int, float[]> encode, List<(float[] Samples, int FirstRow)> batches)
    {
        float[] codes = new float[samples.Count * model.Atoms];
        foreach (var (batch, firstRow) in batches) encode(batch, firstRow).CopyTo(codes, firstRow * model.Atoms);
        return CodeEvaluation.Objective(model, samples, codes);
    }

    private static double Microseconds(Func<float[], int, float[]> encode, List<(float[] Samples, int FirstRow)> batches, CancellationToken cancellationToken)
    {
        // Threads of the way before stay busy for a while after their last work, to the loss of this one.
        Thread.Sleep(Rest);
        long start = Stopwatch.GetTimestamp();
        foreach (var (batch, firstRow) in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            encode(batch, firstRow);
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private sealed record Way(CodeRoute Route, int Steps, Func<float[], int, float[]> Encode);
}
