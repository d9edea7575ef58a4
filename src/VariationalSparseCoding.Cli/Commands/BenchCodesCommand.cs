using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc bench codes`: objective against time of a run's codes, refined and from zero.</summary>
internal static class BenchCodesCommand
{
    public static Command Create()
    {
        var defaults = new CodeBenchmarkOptions();
        var run = new Argument<string>("run") { Description = "the run's folder" };
        var steps = new Option<string>("--steps") { Description = "FISTA steps, and passes of coordinate descent", HelpName = "LIST", DefaultValueFactory = _ => string.Join(',', defaults.Steps) };
        var rounds = new Option<int>("--rounds") { Description = "measured rounds over all validation samples", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Rounds };
        var batch = new Option<int>("--batch-size") { Description = "samples encoded at a time", HelpName = "COUNT", DefaultValueFactory = _ => defaults.BatchSize };
        var samples = new Option<int?>("--samples") { Description = "J of the best sample; by default the run's, or 20 where that is 1", HelpName = "J" };
        var threads = new Option<int?>("--threads") { Description = "threads; 0 takes one per core; by default the run's", HelpName = "COUNT" };
        var json = new Option<bool>("--json") { Description = "print JSON instead of a table" };
        var output = new Option<string?>("--output", "-o") { Description = "also write codes.png, codes.csv and codes.json there", HelpName = "FOLDER" };
        var command = new Command("codes", "measure objective and time of a run's codes, refined by FISTA steps, beside solvers from zero") { run, steps, rounds, batch, samples, threads, json, output };
        command.SetAction((parsed, cancellation) =>
        {
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            var result = CodeBenchmark.Run(folder, new()
            {
                Steps = Numbers(parsed.GetValue(steps)!),
                Rounds = parsed.GetValue(rounds),
                BatchSize = parsed.GetValue(batch),
                Samples = parsed.GetValue(samples),
                Threads = parsed.GetValue(threads),
            }, cancellation);
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) writer.WriteLine(result.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            else Print(result, writer);
            if (parsed.GetValue(output) is { } target) CodeBenchmarkReport.Write(target, result);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static int[] Numbers(string list) =>
        [.. list.Split(',').Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new InvalidInputException($"--steps {list}: must be numbers joined by commas, such as 0,1,3."))];

    private static void Print(CodeBenchmarkResult result, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumn("codes");
        foreach (string column in new[] { "steps", "objective", "with Frobenius term", "active", "µs per sample", "front" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var codes in result.Codes)
            table.AddRow(result.Name(codes.Route), codes.Steps.ToString(CultureInfo.InvariantCulture), Text(codes.Terms.Value, "F4"), Text(codes.Terms.ValueWithFrobenius, "F4"),
                Text(codes.Terms.ActiveFraction, "G4"), Text(codes.MicrosecondsPerSample, "F2"), result.IsOnFront(codes) ? "*" : "");
        Terminal.For(output).Write(table);
        output.WriteLine($"objective = 1/2||x - Az||^2 + {result.Experiment.Objective.Lambda.ToString(CultureInfo.InvariantCulture)}||z||_1, mean over {result.SampleCount} validation samples; "
            + $"time in batches of {result.BatchSize} on {result.Threads} threads, median of {result.Rounds}; * no codes are both better and faster");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
