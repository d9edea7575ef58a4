using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench codes`: objective against time of a run's codes, refined and from zero.</summary>
internal static class BenchCodesCommand
{
    public static Command Create(CommandSet set)
    {
        var defaults = new CodeBenchmarkOptions();
        var run = new PathArgument("run") { Description = "the run's folder" };
        var steps = new ListOption("--steps") { Description = "numbers of FISTA steps and of passes of coordinate descent to measure, joined by commas", HelpName = "COUNTS", DefaultValueFactory = _ => [string.Join(',', defaults.Steps)] };
        var rounds = new Option<int>("--rounds") { Description = "how often all validation samples are encoded", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Rounds };
        var batch = new Option<int>("--batch-size") { Description = "samples encoded at a time", HelpName = "COUNT", DefaultValueFactory = _ => defaults.BatchSize };
        var draws = DrawsOption.Create<int?>("draws per sample for the best code; by default the run's, or 20 if that is 1");
        var threads = new Option<int?>("--threads") { Description = "number of threads; 0 uses one per core; by default the run's", HelpName = "COUNT" };
        var json = new Option<bool>("--json") { Description = "print JSON instead of a table" };
        var output = new OutputOption("--output", "-o") { Description = "a folder for codes.png, codes.csv and codes.json", HelpName = "FOLDER" };
        var command = new Command("codes", "Measure objective and time of a run's codes, refined by FISTA steps, and of solvers that start from zero.") { run, steps, rounds, batch, draws, threads, json, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            var result = CodeBenchmark.Run(folder, new()
            {
                Steps = [.. steps.Values(parsed).Select(word => Number(steps, word))],
                Rounds = parsed.GetValue(rounds),
                BatchSize = parsed.GetValue(batch),
                Draws = parsed.GetValue(draws),
                Threads = parsed.GetValue(threads),
            }, cancellationToken);
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) writer.WriteLine(result.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            else Print(result, writer);
            if (parsed.GetValue(output) is { } target) CodeBenchmarkReport.Write(target, result);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static int Number(ListOption option, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw option.Refuse(word, "must be whole numbers joined by commas, such as 0,1,3.");

    private static void Print(CodeBenchmarkResult result, TextWriter output)
    {
        var table = new NumberTable("codes", "steps", "objective", "with Frobenius term", "active", "µs per sample", "front");
        foreach (var codes in result.Codes)
            table.Add(result.Name(codes.Route), codes.Steps.ToString(CultureInfo.InvariantCulture), Consoles.Number(codes.Terms.Value, "F4"), Consoles.Number(codes.Terms.ValueWithFrobenius, "F4"),
                Consoles.Number(codes.Terms.ActiveFraction, "G4"), Consoles.Number(codes.MicrosecondsPerSample, "F2"), result.IsOnFront(codes) ? "*" : "");
        table.Print(output);
        output.WriteLine($"objective = 1/2||x - Az||^2 + {result.Experiment.Objective.Lambda.ToString(CultureInfo.InvariantCulture)}||z||_1, averaged over {result.SampleCount} validation samples; "
            + $"time in batches of {result.BatchSize} on {result.Threads} threads, median of {result.Rounds}; * no other codes are both better and faster");
    }
}
