using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reporting;

/// <summary>Writes runs as one HTML file that needs no other file and no network.</summary>
internal static class HtmlReport
{
    private const string TitleOfSeveral = "sparse coding runs";

    /// <summary>Writes the report. Several runs are compared first, then shown one after the other.</summary>
    /// <param name="path">The file to write, whole or not at all.</param>
    /// <param name="runs">The runs, at least one.</param>
    /// <exception cref="ArgumentException">No run, a run whose shapes disagree with each other, or runs with a dictionary beside others: they have no numbers in common.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<ReportedRun> runs) => AtomicFile.WriteText(path, Render(runs));

    /// <summary>Whether a file is a page about several runs, by its title.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static bool IsOfSeveralRuns(string path)
    {
        const int LengthOfHead = 1024;
        string head = InputFile.Read(path, stream =>
        {
            byte[] start = new byte[Math.Min(LengthOfHead, stream.Length)];
            stream.ReadExactly(start);
            return Encoding.UTF8.GetString(start);
        });
        return head.Contains($"{TitleOfSeveral}</title>", StringComparison.Ordinal);
    }

    internal static string Render(IReadOnlyList<ReportedRun> runs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count, nameof(runs));
        foreach (RunReport run in runs.OfType<RunReport>())
        {
            Check(run);
        }
        bool several = runs.Count > 1;
        string title = several ? $"{runs.Count} {TitleOfSeveral}" : $"Sparse coding run {runs[0].Name}";
        string links = several ? $"<nav>{string.Concat(runs.Select((run, i) => $"<a href=\"#{RunSection.Id(i)}\">{Html.Escape(run.Name)}</a>"))}</nav>" : "";
        return Html.Page(title, links,
            (several ? Comparison(runs) : "") + string.Concat(runs.Select((run, i) => (several ? RunSection.Heading(run, i) : "") + Section(run))));
    }

    private static string Section(ReportedRun run) => run is ImageRunReport images ? ImageSection.Render(images) : RunSection.Render((RunReport)run);

    private static string Comparison(IReadOnlyList<ReportedRun> runs) =>
        runs.All(run => run is RunReport) ? ComparisonSection.Render([.. runs.Cast<RunReport>()])
        : runs.All(run => run is ImageRunReport) ? ImageComparison.Render([.. runs.Cast<ImageRunReport>()])
        : throw new ArgumentException("Runs with a dictionary and runs without one have no numbers in common.", nameof(runs));

    private static void Check(RunReport run)
    {
        int atoms = run.Dictionary.Columns;
        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"Run {run.Name}: {what}.", nameof(run));
            }
        }

        Require(run.ActiveFractions.Count == 0 || run.ActiveFractions.Count == atoms, $"{run.ActiveFractions.Count} active fractions for {atoms} atoms");
        Require(run.MeanMagnitudes.Count == 0 || run.MeanMagnitudes.Count == atoms, $"{run.MeanMagnitudes.Count} mean magnitudes for {atoms} atoms");
        Require(run.DeadAtoms.All(atom => atom >= 0 && atom < atoms), $"a dead atom lies outside [0, {atoms})");
        Require(run.Evaluation.Columns.Count > 0, "the evaluation has no columns");
        Require(run.Evaluation.Rows.All(row => row.Values.Count == run.Evaluation.Columns.Count), "an evaluation row and the columns differ in number");
    }
}
