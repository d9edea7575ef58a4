namespace VariationalSparseCoding.Objectives;

/// <summary>Named numbers of a step or an epoch, logged as they are.</summary>
/// <param name="Names">What the numbers are, in order.</param>
/// <param name="Values">The numbers.</param>
public sealed record LossTerms(IReadOnlyList<string> Names, IReadOnlyList<double> Values)
{
    /// <summary>The number of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public double this[string name] => Values[Names.Select((candidate, index) => (candidate, index)).First(pair => pair.candidate == name).index];
}

/// <summary>The running sum of the terms of an epoch's steps; part of a checkpoint, so that a resumed epoch reports the same means.</summary>
/// <param name="Sums">Sum of each term.</param>
/// <param name="Steps">How many steps were added.</param>
internal sealed record LossMean(IReadOnlyList<double> Sums, int Steps)
{
    public static LossMean Empty { get; } = new([], 0);

    public LossMean Add(LossTerms terms) =>
        new([.. Steps == 0 ? terms.Values : Sums.Zip(terms.Values, (sum, value) => sum + value)], Steps + 1);

    public LossTerms Mean(IReadOnlyList<string> names) => new(names, [.. Sums.Select(sum => sum / Steps)]);
}
