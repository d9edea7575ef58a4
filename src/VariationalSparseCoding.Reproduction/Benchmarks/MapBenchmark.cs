using System.Diagnostics;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>The time of MAP inference.</summary>
/// <param name="Samples">Samples per solve, N.</param>
/// <param name="MedianMilliseconds">Median time of a solve of all samples, the Gram matrix included.</param>
/// <param name="MeanObjective">Mean of the objective over the samples.</param>
/// <param name="MaximumRelativeGap">The largest relative duality gap.</param>
/// <param name="ConvergedFraction">Share of the samples that reached the gap asked for.</param>
internal sealed record MapBenchmarkResult(int Samples, double MedianMilliseconds, double MeanObjective, double MaximumRelativeGap, double ConvergedFraction);

/// <summary>Times a MAP solver on samples from a file.</summary>
internal static class MapBenchmark
{
    // The just-in-time compiler optimises a method some hundred milliseconds after its first calls.
    private const double WarmSeconds = 1, MeasuredSeconds = 1;

    /// <summary>Solves all samples again and again, for a second to warm up and for a second that is measured.</summary>
    /// <param name="dictionary">A .npy file with A, [D, d].</param>
    /// <param name="samples">A .npy file with x, [N, D].</param>
    /// <param name="solver">The solver.</param>
    /// <param name="options">lambda, gap and threads.</param>
    /// <param name="rounds">Measured solves, at least 1; there are more where they take less than a second.</param>
    /// <param name="cancellationToken">Stops between two solves.</param>
    /// <exception cref="InvalidInputException">A file or an option cannot be used.</exception>
    public static MapBenchmarkResult Run(string dictionary, string samples, MapSolver solver, MapOptions options, int rounds, CancellationToken cancellationToken = default)
    {
        if (rounds < 1) throw new InvalidInputException($"rounds: must be at least 1, not {rounds}.");
        options.Validate();
        float[,] atoms = Read(dictionary), x = Read(samples);
        if (atoms.GetLength(0) != x.GetLength(1))
            throw new InvalidInputException($"{samples}: has {x.GetLength(1)} columns where the dictionary {dictionary} has {atoms.GetLength(0)} rows; give samples of its size.");
        Repeat(WarmSeconds, 1, () => Solve(), cancellationToken);
        var times = Repeat(MeasuredSeconds, rounds, () => Solve(), cancellationToken);
        var result = Solve();
        double converged = result.StopReason.Count(reason => reason == MapStopReason.Converged) / (double)result.StopReason.Count;
        return new(result.StopReason.Count, times.Order().ElementAt(times.Count / 2), result.MeanObjective, result.MaximumRelativeGap, converged);

        MapResult Solve() => new LassoProblem(atoms).Solve(x, options, solver, cancellationToken: cancellationToken);
    }

    /// <summary>The milliseconds of each of at least so many rounds, which go on for at least so many seconds.</summary>
    private static List<double> Repeat(double seconds, int rounds, Action round, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (long begin = Stopwatch.GetTimestamp(); times.Count < rounds || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            round();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private static float[,] Read(string path)
    {
        using var matrix = NpyMatrix.Open(path);
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return Matrices.From(values, (int)matrix.Columns);
    }
}
