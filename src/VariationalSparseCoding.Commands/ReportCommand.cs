using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Commands;

/// <summary>`report`: one page about one run, or about several side by side.</summary>
internal static class ReportCommand
{
    private const string SeveralRuns = "report.html";
    private static readonly string[] Endings = [".html", ".htm"];

    public static Command Create(CommandSet set)
    {
        var runs = new PathsArgument("runs") { Description = "the runs' folders; several of the same kind are compared side by side", Arity = ArgumentArity.OneOrMore };
        var output = new OutputOption("--output", "-o") { Description = "the page; by default report.html in the run's folder, or in the current folder if there are several runs", HelpName = "FILE" };
        var command = new Command("report", "Write a self-contained HTML page: dictionary or latent traversals, learning curves, reconstructions, baselines.") { runs, output };
        var measured = new MeasuredDataOptions();
        measured.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            string[] paths = parsed.GetValue(runs)!;
            string? page = parsed.GetValue(output);
            if (page is not null) RequirePage(page);
            RunFolder[] folders = [.. paths.Select(path => OpenedRun.Open(set, parsed, path))];
            try
            {
                foreach (var folder in folders)
                {
                    folder.RequireNotOwn(page ?? SeveralRuns);
                    measured.Apply(parsed, folder);
                }
                // A name that nobody has typed is no reason to replace somebody's page.
                if (page is null && folders.Length > 1 && File.Exists(SeveralRuns) && !HtmlReport.IsOfSeveralRuns(SeveralRuns)) throw OutputFile.Another(SeveralRuns);
                var writer = parsed.InvocationConfiguration.Output;
                writer.WriteLine(folders is [var only] ? One(set.Kinds, only, page, cancellationToken) : SideBySide(set.Kinds, folders, page ?? SeveralRuns, writer, cancellationToken));
            }
            finally
            {
                foreach (var folder in folders) folder.Dispose();
            }
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Makes sure that a file is called as a page is.</summary>
    /// <param name="page">The file.</param>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public static void RequirePage(string page)
    {
        if (!Endings.Contains(Path.GetExtension(page), StringComparer.OrdinalIgnoreCase)) throw new InvalidInputException($"{page}: a report is an HTML page; give the file the ending .html.");
    }

    private static string One(RunKinds kinds, RunFolder folder, string? page, CancellationToken cancellationToken)
    {
        RunResults.Of(kinds, folder, null, cancellationToken).WriteReport(page);
        return page ?? folder.ReportFile;
    }

    private static string SideBySide(RunKinds kinds, RunFolder[] folders, string page, TextWriter writer, CancellationToken cancellationToken)
    {
        // Looked at first, so that nobody waits for evaluations that cannot stand on one page.
        if (Array.Find(folders, folder => KindOf(folder) != KindOf(folders[0])) is { } other)
            throw new InvalidInputException($"{other.Root}: has a {ExperimentJson.Name(KindOf(other))} generator, while {folders[0].Root} has a {ExperimentJson.Name(KindOf(folders[0]))} one, so their numbers cannot be compared; write a report for each kind.");
        HtmlReport.Write(page, [.. folders.Select(Evaluated)]);
        return page;

        ReportedRun Evaluated(RunFolder folder)
        {
            writer.WriteLine($"{folder.Root}: evaluating");
            return RunResults.Of(kinds, folder, null, cancellationToken).Describe();
        }
    }

    private static GeneratorKind KindOf(RunFolder folder) => folder.Experiment.Generator.Kind;
}
