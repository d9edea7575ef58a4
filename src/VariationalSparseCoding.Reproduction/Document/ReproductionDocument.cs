using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>The Markdown document about results that are kept, as docs/reproduction.md.</summary>
internal static class ReproductionDocument
{
    /// <summary>Writes the document, and beside it its figures; those of dictionaries need the runs, and without them the pictures that lie there are shown.</summary>
    /// <param name="path">The document; figures go to a folder of the same name without its ending.</param>
    /// <param name="results">Results of any schedules, at least one.</param>
    /// <param name="runs">The folder of the runs, of one schedule; null where they are not at hand.</param>
    /// <param name="command">The command that writes it.</param>
    public static void Write(string path, IReadOnlyList<RunResult> results, string? runs, string command)
    {
        var lines = new List<string>
        {
            "# Reproduction of the paper's sections 4.1 and 4.2", "",
            $"Written by `{command}` from the results of finished runs, one small file each. The runs and their results are made by `vsc-full reproduce all --schedule SCHEDULE --output FOLDER` (section 4.1) and `vsc-full reproduce figure7-fashion-mnist` (section 4.2; see `vsc-full reproduce --help`), which continues where it was interrupted; rows that are not yet run are said to be so.", "",
        };
        var ofPaper = Of(ReproductionSchedule.Paper);
        foreach (var schedule in ReproductionSchedule.All)
            if (Of(schedule) is { All.Count: > 0 } ofSchedule)
                lines.AddRange(ScheduleLines(path, schedule, ofSchedule, claim => claim.Judge(ofSchedule, schedule == ReproductionSchedule.Paper ? null : ofPaper), runs));
        AtomicFile.WriteText(path, string.Join('\n', lines).TrimEnd('\n') + "\n");

        ResultSet Of(ReproductionSchedule schedule) => new(results.Where(result => result.Schedule == schedule.Name));
    }

    private static List<string> ScheduleLines(string path, ReproductionSchedule schedule, ResultSet results, Func<Claim, Verdict> judge, string? runs)
    {
        var lines = new List<string> { $"## The {schedule.Name} schedule", "" };
        var shown = ShownRuns.In(variant => PathOf(variant, results, runs));
        Paragraphs(ReproductionText.Introduction(results));
        lines.AddRange(["### The paper's claims on these data", "", ClaimText.Rule, "", "| where | claim | verdict | numbers | criterion |", "|---|---|---|---|---|"]);
        lines.AddRange(ReproductionText.Claims(results).Select(claim => $"| {claim.Source} | {claim.Statement} | **{ClaimText.Name(judge(claim))}** | {ClaimText.Evidence(claim, results)} | {claim.Criterion} |"));
        lines.Add("");
        foreach (var target in ReproductionPlan.Targets.Where(target => target.Variants.Any(variant => results.Of(variant).Count > 0)))
        {
            lines.AddRange([$"### {target.Title}", ""]);
            Paragraphs(target.Content.Order(target, results));
            if (Picture(path, schedule, target, results, shown) is { } picture) lines.AddRange([$"![{target.Title}]({picture})", ""]);
            lines.Add(ResultTableText.Markdown(ReproductionTables.Of(target, results, ReproductionPlan.Seeds.Count)));
        }
        lines.AddRange(["### Versions", "", .. ReproductionText.Versions(results).Select(version => "- " + version), ""]);
        return lines;

        void Paragraphs(IEnumerable<string> texts) => lines.AddRange(texts.SelectMany(text => new[] { text, "" }));
    }

    /// <summary>A target's picture by its path from the document: drawn from the results or runs, or one that is there.</summary>
    private static string? Picture(string path, ReproductionSchedule schedule, ReproductionTarget target, ResultSet results, ShownRuns runs)
    {
        string folder = Path.GetFileNameWithoutExtension(path), name = $"{target.Name}-{schedule.Name}.png";
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, folder, name);
        if (target.Content.Figure(target, results, runs) is { } figure)
            AtomicFile.Write(file, stream => stream.Write(figure.ForPages(FigureStyle.Light)));
        return File.Exists(file) ? $"{folder}/{name}" : null;
    }

    /// <summary>The run behind a variant's first result, or null where it is not in the folder.</summary>
    private static string? PathOf(string variant, ResultSet results, string? runs) => runs is not null && results.Of(variant) is [{ Divergence: null } result, ..]
        && Path.Combine(runs, PlannedRun.NameOf(variant, result.Experiment.Seed)) is var run && IsOf(run, result)
        ? run : null;

    // The runs of another schedule have the same names.
    private static bool IsOf(string run, RunResult result)
    {
        if (!Directory.Exists(run)) return false;
        using var folder = RunFolder.Open(run);
        return (folder.Experiment.Schedule.Epochs, folder.Experiment.Data.TrainSamples) == (result.Experiment.Schedule.Epochs, result.Experiment.Data.TrainSamples);
    }
}
