using System.CommandLine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc report`: one page about one run, or about several side by side.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("runs") { Description = "the runs' folders", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "the page; by default report.html in the run's folder, or here for several runs", HelpName = "FILE" };
        var command = new Command("report", "write a self-contained HTML page: dictionary or latent traversals, curves, reconstructions, baselines") { runs, output };
        command.SetAction((parsed, cancellation) =>
        {
            string[] paths = parsed.GetValue(runs)!;
            var writer = parsed.InvocationConfiguration.Output;
            string page = paths.Length == 1 ? One(paths[0], parsed.GetValue(output), cancellation) : SideBySide(paths, parsed.GetValue(output) ?? "report.html", writer, cancellation);
            writer.WriteLine(page);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string One(string path, string? output, CancellationToken cancellation)
    {
        using var folder = RunFolder.Open(path);
        Results.Of(folder, null, cancellation).WriteReport(output);
        return output ?? folder.ReportFile;
    }

    private static string SideBySide(string[] paths, string page, TextWriter writer, CancellationToken cancellation)
    {
        RunFolder[] folders = [.. paths.Select(RunFolder.Open)];
        try
        {
            // Looked at first, so that nobody waits for evaluations that cannot stand on one page.
            if (Array.Find(folders, folder => KindOf(folder) != KindOf(folders[0])) is { } other)
                throw new InvalidInputException($"{other.Root}: has a {ExperimentJson.Name(KindOf(other))} generator and {folders[0].Root} a {ExperimentJson.Name(KindOf(folders[0]))} one, so that their numbers cannot be compared; report on them apart.");
            HtmlReport.Write(page, [.. folders.Select(Evaluated)]);
            return page;
        }
        finally
        {
            foreach (var folder in folders) folder.Dispose();
        }

        ReportedRun Evaluated(RunFolder folder)
        {
            writer.WriteLine($"{folder.Root}: evaluating");
            return Results.Of(folder, null, cancellation).Describe();
        }
    }

    private static GeneratorKind KindOf(RunFolder folder) => folder.Experiment.Generator.Kind;
}
