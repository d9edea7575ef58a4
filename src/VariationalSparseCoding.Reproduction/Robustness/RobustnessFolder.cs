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
    /// <returns>All results, in the order of sets, seeds and methods.</returns>
    public IReadOnlyList<RobustnessResult> Complete(
        IReadOnlyList<RobustnessSet> sets, IReadOnlyList<string> methods, IReadOnlyList<ulong> seeds, Action<RobustnessResult, int, int> made, CancellationToken cancellationToken)
    {
        (RobustnessSet Set, string Method, ulong Seed)[] wanted = [.. from seed in seeds from set in sets from method in methods select (set, method, seed)];
        var results = new RobustnessResult?[wanted.Length];
        List<int> missing = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (PathOf(wanted[i]) is var path && File.Exists(path)) results[i] = RobustnessResult.Read(path);
            else missing.Add(i);
        }
        int done = wanted.Length - missing.Count;
        object told = new();
        try
        {
            Parallel.ForEach(Partitioner.Create(missing, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
                {
                    var (set, method, seed) = wanted[i];
                    var result = results[i] = RobustnessRun.Of(set, method, seed, cancellationToken: cancellationToken);
                    result.Write(PathOf(wanted[i]));
                    lock (told) made(result, ++done, wanted.Length);
                });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OperationCanceledException))
        {
            throw new OperationCanceledException(cancellationToken);
        }
        var position = sets.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
        return [.. results.Select(result => result!).OrderBy(result => position[result.Set])];
    }

    private string PathOf((RobustnessSet Set, string Method, ulong Seed) run) => Path.Combine(root, run.Set.Name, FormattableString.Invariant($"{run.Method}-{run.Seed}.json"));
}
