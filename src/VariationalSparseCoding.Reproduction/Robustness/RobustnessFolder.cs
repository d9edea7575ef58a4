using System.Collections.Concurrent;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>A folder with a result file for each training; what is there is not made again.</summary>
/// <param name="root">The folder.</param>
internal sealed class RobustnessFolder(string root)
{
    /// <summary>Makes what is missing, as many trainings at a time as there are processors.</summary>
    /// <param name="sets">The data sets.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="made">Is told of each result, with how many there are and how many there will be.</param>
    /// <param name="cancellationToken">Stops; the trainings that were running are made again by the next call.</param>
    /// <returns>All results, in the order of sets, methods and seeds.</returns>
    public IReadOnlyList<RobustnessResult> Complete(
        IReadOnlyList<RobustnessSet> sets, IReadOnlyList<string> methods, IReadOnlyList<ulong> seeds, Action<RobustnessResult, int, int> made, CancellationToken cancellationToken)
    {
        (RobustnessSet Set, string Method, ulong Seed)[] wanted = [.. from seed in seeds from set in sets from method in methods select (set, method, seed)];
        var missing = wanted.Where(run => !File.Exists(PathOf(run.Set, run.Method, run.Seed))).ToList();
        int done = wanted.Length - missing.Count;
        object told = new();
        try
        {
            Parallel.ForEach(Partitioner.Create(missing, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, run =>
                {
                    var result = RobustnessRun.Of(run.Set, run.Method, run.Seed, cancellationToken: cancellationToken);
                    result.Write(PathOf(run.Set, run.Method, run.Seed));
                    lock (told) made(result, ++done, wanted.Length);
                });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OperationCanceledException))
        {
            throw new OperationCanceledException(cancellationToken);
        }
        return [.. wanted.OrderBy(run => sets.ToList().IndexOf(run.Set)).Select(run => RobustnessResult.Read(PathOf(run.Set, run.Method, run.Seed)))];
    }

    private string PathOf(RobustnessSet set, string method, ulong seed) => Path.Combine(root, set.Name, FormattableString.Invariant($"{method}-{seed}.json"));
}
