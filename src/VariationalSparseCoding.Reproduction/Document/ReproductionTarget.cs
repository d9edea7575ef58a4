using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A table or figure of the paper, and the runs behind it.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Title">Its title.</param>
/// <param name="Variants">Names of the <see cref="RunVariants"/>, in the order of the table or figure.</param>
/// <param name="EverySeed">Whether it shows means over seeds, or one run of each variant.</param>
/// <param name="Content">What it shows of the runs.</param>
internal sealed record ReproductionTarget(string Name, string Title, IReadOnlyList<string> Variants, bool EverySeed, TargetContent Content)
{
    /// <summary>The images that a target of section 4.2 is about, one of <see cref="ImageVariants.DataSets"/>; null for section 4.1, whose data the user names.</summary>
    public string? Images { get; init; }

    /// <summary>Notes about this target alone, one paragraph each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>A column of a target's table.</summary>
/// <param name="Column">Its name and form.</param>
/// <param name="Number">Returns the number of a variant, given its name; null where there is none.</param>
internal sealed record TargetColumn(ResultColumn Column, Func<string, double?> Number);

/// <summary>What targets of one kind show of their runs. Every function is given the target and the results of one schedule.</summary>
/// <param name="Columns">Returns the columns of the table.</param>
/// <param name="Notes">Returns what a reader must know about the numbers, one paragraph each.</param>
internal sealed record TargetContent(Func<ReproductionTarget, ResultSet, IEnumerable<TargetColumn>> Columns, Func<ReproductionTarget, ResultSet, IEnumerable<string>> Notes)
{
    /// <summary>Draws the figure from the results and the runs themselves; returns null where nothing of it was run. Tables have none.</summary>
    public Func<ReproductionTarget, ResultSet, ShownRuns, DataFigure?> Figure { get; init; } = (_, _, _) => null;

    /// <summary>Returns the order in which the methods come, and whether that is the published one.</summary>
    public Func<ReproductionTarget, ResultSet, IEnumerable<string>> Order { get; init; } = (_, _) => [];
}
