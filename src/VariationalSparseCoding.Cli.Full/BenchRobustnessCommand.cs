using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Robustness;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench robustness`: what default settings make of many kinds of data.</summary>
internal static class BenchRobustnessCommand
{
    public static Command Create(CommandSet set)
    {
        var output = new PathOption("--output", "-o") { Description = "the folder of the results, a file for each training; the command goes on where it was stopped", HelpName = "FOLDER", DefaultValueFactory = _ => Path.Combine("runs", "robustness") };
        var only = new Option<string?>("--only") { Description = "data sets, separated by commas; names that end in - take all that begin so; 'quick' takes a dozen small ones; by default all", HelpName = "SETS" };
        var methods = new Option<string?>("--methods") { Description = "methods, separated by commas; by default all", HelpName = "METHODS" };
        var seeds = new Option<string>("--seeds") { Description = "seeds, separated by commas", HelpName = "SEEDS", DefaultValueFactory = _ => "0,1,2" };
        var document = new PathOption("--document") { Description = "also write the results as a Markdown page", HelpName = "FILE" };
        var command = new Command("robustness", "Train every method on sixty data sets with default options, and measure what that explains of held-out rows.") { output, only, methods, seeds, document };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            var sets = Sets(parsed.GetValue(only));
            var names = Methods(parsed.GetValue(methods));
            ulong[] numbers = Seeds(parsed.GetValue(seeds)!);
            var results = new RobustnessFolder(parsed.GetValue(output)!).Complete(sets, names, numbers, (result, done, all) =>
            {
                string fault = result.Fault(sets.First(own => own.Name == result.Set).IsStructured) is { } text ? $"  {text}" : "";
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{done} of {all}] {result.Set} {result.Method} {result.Seed}: explained {result.ExplainedVariance:F4}, back-offs {result.BackOffs}{fault}"));
                writer.Flush();
            }, cancellationToken);
            int faults = results.Count(result => result.Fault(sets.First(own => own.Name == result.Set).IsStructured) is not null);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Count} trainings, {faults} faults"));
            if (parsed.GetValue(document) is { } page) AtomicFile.WriteText(page, RobustnessTable.Markdown(results, $"{FullProgram.Name} bench robustness --document docs/robustness.md"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static IReadOnlyList<RobustnessSet> Sets(string? list)
    {
        if (list is null) return RobustnessSet.All;
        if (list == "quick") return RobustnessSet.Quick;
        string[] names = Words(list);
        foreach (string name in names)
            if (!RobustnessSet.All.Any(set => Fits(set, name))) throw new InvalidInputException($"--only: unknown data set '{name}'{Spelling.Suggestion(name, RobustnessSet.All.Select(set => set.Name))}");
        return [.. RobustnessSet.All.Where(set => names.Any(name => Fits(set, name)))];
    }

    private static bool Fits(RobustnessSet set, string name) => name.EndsWith('-') ? set.Name.StartsWith(name, StringComparison.Ordinal) : set.Name == name;

    private static string[] Methods(string? list)
    {
        string[] all = [.. MethodTable.All.Select(method => method.Name)], names = list is null ? all : Words(list);
        return Array.Find(names, name => !all.Contains(name)) is { } unknown ? throw new InvalidInputException($"--methods: unknown method '{unknown}'{Spelling.Suggestion(unknown, all)}") : names;
    }

    private static ulong[] Seeds(string list) => [.. Words(list).Select(word => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
        : throw new InvalidInputException($"--seeds {list}: '{word}' is not a whole number of at least 0."))];

    private static string[] Words(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
