using System.CommandLine;
using VariationalSparseCoding.Evaluation;
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
        var command = new Command("report", "write a self-contained HTML page: dictionary, curves, reconstructions, baselines") { runs, output };
        command.SetAction((parsed, cancellation) =>
        {
            string[] paths = parsed.GetValue(runs)!;
            var writer = parsed.InvocationConfiguration.Output;
            if (paths.Length == 1)
            {
                using var folder = RunFolder.Open(paths[0]);
                string file = parsed.GetValue(output) ?? folder.ReportFile;
                Results.Of(folder, null, cancellation).WriteReport(file);
                writer.WriteLine(file);
                return Task.FromResult(ExitCode.Done);
            }
            var reports = new List<RunReport>();
            foreach (string path in paths)
            {
                writer.WriteLine($"{path}: evaluating");
                using var folder = RunFolder.Open(path);
                if (folder.Experiment.Generator.Kind != GeneratorKind.Linear)
                    throw new InvalidInputException($"{path}: has a convolutional generator; runs side by side must have dictionaries: report on it alone.");
                reports.Add(RunReporting.Describe(folder, RunEvaluation.Of(folder, null, cancellation)));
            }
            string page = parsed.GetValue(output) ?? "report.html";
            HtmlReport.Write(page, reports);
            writer.WriteLine(page);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
