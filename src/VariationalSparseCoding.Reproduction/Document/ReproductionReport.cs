using System.Text;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A table or figure of the paper with its numbers.</summary>
/// <param name="Target">Which.</param>
/// <param name="Table">The numbers.</param>
/// <param name="Figure">The figure, where there is one.</param>
internal sealed record ReproductionSection(ReproductionTarget Target, ResultTable Table, DataFigure? Figure);

/// <summary>Writes the tables, figures and the page of a reproduction.</summary>
internal static class ReproductionReport
{
    /// <summary>Name of the page in the folder of a reproduction.</summary>
    public const string Page = "index.html";

    /// <summary>Writes each target's table (Markdown, CSV, JSON) and figure (PNG, SVG, CSV), and the page.</summary>
    /// <param name="folder">The folder, which holds the runs whose dictionaries are drawn.</param>
    /// <param name="targets">The targets, at least one.</param>
    /// <param name="results">Their results, at least one.</param>
    /// <param name="seeds">The seeds; the first one's dictionaries are drawn.</param>
    public static void Write(ReproductionFolder folder, IReadOnlyList<ReproductionTarget> targets, IReadOnlyList<RunResult> results, IReadOnlyList<ulong> seeds)
    {
        var set = new ResultSet(results);
        var runs = ShownRuns.In(variant => set.Of(variant).Any(result => result.Experiment.Seed == seeds[0] && result.Divergence is null) ? Path.Combine(folder.Root, "runs", PlannedRun.NameOf(variant, seeds[0])) : null);
        List<ReproductionSection> sections = [.. targets.Select(target => new ReproductionSection(target, ReproductionTables.Of(target, set, seeds.Count), target.Content.Figure(target, set, runs)))];
        foreach (var section in sections) WriteSection(Path.Combine(folder.Root, section.Target.Name), section);
        AtomicFile.WriteText(Path.Combine(folder.Root, Page), ReproductionPage.Render(set, sections));
    }

    private static void WriteSection(string path, ReproductionSection section)
    {
        AtomicFile.WriteText(path + ".md", $"# {section.Target.Title}\n\n{ResultTableText.Markdown(section.Table)}");
        AtomicFile.WriteText(path + ".csv", ResultTableText.CsvOf(section.Table));
        AtomicFile.WriteText(path + ".json", ResultTableText.Json(section.Table));
        if (section.Figure is not { } figure) return;
        WriteFigure(path, figure);
        AtomicFile.Write(path + "-figure.csv", stream => stream.Write(Encoding.UTF8.GetBytes(figure.Data)));
    }

    /// <summary>Writes a figure as PNG and SVG.</summary>
    internal static void WriteFigure(string path, DataFigure figure)
    {
        AtomicFile.Write(path + ".png", stream => stream.Write(figure.Drawing.Png(FigureStyle.Light)));
        AtomicFile.Write(path + ".svg", stream => stream.Write(figure.Drawing.Svg(FigureStyle.Light)));
    }
}
