using System.Globalization;
using Spectre.Console;
using VariationalSparseCoding.Evaluation;
using static System.FormattableString;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>Explanations of features as text.</summary>
internal static class FeatureText
{
    private const int MostBars = 16, LongestBar = 40, Neighbours = 5, MostLabels = 8, ListedLabels = 2, NarrowRow = 9, ListedText = 28;

    /// <summary>Prints all that is known of features.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="run">The run.</param>
    /// <param name="features">The features.</param>
    public static void Write(TextWriter output, ExplainedRun run, IEnumerable<ExplainedFeature> features)
    {
        bool isFirst = true;
        foreach (var feature in features)
        {
            if (!isFirst) output.WriteLine();
            isFirst = false;
            Write(output, run, feature);
        }
    }

    /// <summary>Prints a line for each feature.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="run">The run.</param>
    /// <param name="features">The features.</param>
    public static void List(TextWriter output, ExplainedRun run, IReadOnlyList<ExplainedFeature> features)
    {
        bool hasLabels = run.Index.Labels.Count > 0, hasTexts = run.Data.Notes is not null;
        var table = Consoles.Table(["feature", "active", "mean |z|", "greatest", .. hasLabels ? ["goes with"] : Array.Empty<string>(), hasTexts ? "most active in" : "most active in row"]);
        foreach (var (view, top, _) in features)
        {
            string labels = string.Join(", ", view.Labels.Where(label => label.Lift > 1).Take(ListedLabels).Select(label => Invariant($"{label.Name} {100 * label.Share:F0}% (x{label.Lift:F1})")));
            string[] cells = [$"{view.Feature}", Percent(view.Rate), Consoles.Number(view.MeanMagnitude), top.Count > 0 ? Consoles.Number(top[0].Value) : "-", .. hasLabels ? [labels] : Array.Empty<string>(), Most(top)];
            table.AddRow([.. cells.Select(Consoles.Cell)]);
        }
        Consoles.For(output).Write(table);
        output.WriteLine($"{features.Count} of {run.Index.Features} features; {run.Index.Rows} rows of {run.Data.Source}");
    }

    private static void Write(TextWriter output, ExplainedRun run, ExplainedFeature feature)
    {
        var view = feature.View;
        output.WriteLine($"feature {view.Feature} of {run.Index.Features}; {run.Index.Rows} rows of {run.Data.Source}");
        if (view.Count == 0) output.WriteLine("dead: active in no row");
        else
        {
            string negative = view.Negative > 0 ? Invariant($", {Percent(view.Negative)} of its values negative") : "";
            output.WriteLine(Invariant($"active in {view.Count} rows ({Percent(view.Rate)}); mean magnitude {view.MeanMagnitude:G4}, greatest {Math.Abs(view.Top[0].Value):G4}{negative}"));
            Bars(output, view.Histogram);
            Rows(output, "most active in", feature.Top);
            Rows(output, "from its whole range", feature.Range);
            if (view.Labels.Count > 0)
            {
                output.WriteLine("labels it goes with (share of its rows; lift over all rows)");
                foreach (var label in view.Labels.Where(label => label.Lift > 1).Take(MostLabels)) output.WriteLine(Invariant($"  {100 * label.Share,5:F1}%  x{label.Lift,-6:F2} {label.Name}"));
            }
            if (view.Together.Count > 0)
                output.WriteLine($"active with (share of its rows, lift): {string.Join(", ", view.Together.Take(Neighbours).Select(other => Invariant($"{other.Feature} ({100 * other.Share:F0}%, x{other.Lift:F1})")))}");
        }
        if (view.Nearest.Count > 0)
        {
            output.WriteLine($"nearest atoms (cosine): {Cosines(view.Nearest)}");
            output.WriteLine($"most opposed atoms (cosine): {Cosines(view.Opposed)}");
        }
    }

    private static void Bars(TextWriter output, IReadOnlyList<ValueBin> bins)
    {
        int together = (bins.Count + MostBars - 1) / MostBars;
        ValueBin[] merged = [.. bins.Chunk(together).Select(some => new ValueBin(some[0].From, some[^1].To, some.Sum(bin => bin.Count)))];
        string[] ranges = [.. merged.Select(bin => Invariant($"{bin.From,8:G4} to {bin.To,-8:G4}"))];
        int most = merged.Max(bin => bin.Count), width = merged.Max(bin => bin.Count.ToString(CultureInfo.InvariantCulture).Length);
        output.WriteLine("values");
        for (int i = 0; i < merged.Length; i++)
        {
            int length = (int)Math.Round((double)LongestBar * merged[i].Count / most);
            string bar = length > 0 ? new string('█', length) : merged[i].Count > 0 ? "▏" : "";
            output.WriteLine($"  {ranges[i]} {merged[i].Count.ToString(CultureInfo.InvariantCulture).PadLeft(width)} {bar}".TrimEnd());
        }
    }

    private static void Rows(TextWriter output, string title, IReadOnlyList<ExplainedRow> rows)
    {
        output.WriteLine(title);
        int labels = rows.Select(row => Labels(row).Length).DefaultIfEmpty(0).Max();
        foreach (var row in rows)
            output.WriteLine($"  {Consoles.Number(row.Value),8}  {$"row {row.Row}".PadRight(NarrowRow)}  {Labels(row).PadRight(labels)}{(labels > 0 ? "  " : "")}{Text(row)}".TrimEnd());
    }

    private static string Most(IReadOnlyList<ExplainedRow> top) => top.Count == 0 ? "" : top[0].Context is not { } context ? $"{top[0].Row}" : Text(top[0] with { Context = Shortened(context) });

    // A line of a list has room for little more than the token.
    private static RowContext Shortened(RowContext context)
    {
        string before = context.Before.Length <= ListedText ? context.Before : "… " + context.Before[^ListedText..][(context.Before[^ListedText..].IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return new(before, Cut(context.Marked, 2 * ListedText), Cut(context.After, ListedText));

        static string Cut(string text, int most) => text.Length <= most ? text : text[..(text.LastIndexOf(' ', most) is > 0 and var end ? end : most)] + " …";
    }

    private static string Text(ExplainedRow row)
    {
        // A text is one line here, whatever is in it.
        string text = row.Context is not { } context ? row.Note?.Position is { } position ? $"sample {row.Note.Value.Sample}, position {position}" : ""
            : row.Note?.Token is null ? context.Marked + (row.Note?.Position is { } place ? $", position {place}" : "") : $"{context.Before}«{context.Marked}»{context.After}";
        return text.ReplaceLineEndings(" ");
    }

    private static string Labels(ExplainedRow row) => string.Join(", ", row.Labels);

    private static string Cosines(IReadOnlyList<AtomNeighbour> others) => string.Join(", ", others.Take(Neighbours).Select(other => Invariant($"{other.Feature} ({other.Cosine:F2})")));

    private static string Percent(double share) => Invariant($"{100 * share:G3}%");
}
