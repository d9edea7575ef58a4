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
        var output = new OutputOption("--output", "-o") { Description = "the folder of the results, a file for each training; a further run goes on from there", HelpName = "FOLDER", DefaultValueFactory = _ => Path.Combine("runs", "robustness") };
        var only = new ListOption("--only") { Description = "data sets, joined by commas; names that end in - take all that begin so; 'quick' takes a dozen small ones; by default all", HelpName = "SETS" };
        var methods = new ListOption("--methods") { Description = "methods, joined by commas; by default all", HelpName = "METHODS" };
        var seeds = new ListOption("--seeds") { Description = "seeds, joined by commas", HelpName = "SEEDS", DefaultValueFactory = _ => ["0,1,2"] };
        var document = new OutputOption("--document") { Description = "also write the results as a Markdown page", HelpName = "FILE" };
        var command = new Command("robustness", "Train every method on sixty data sets with default options, and measure what that explains of held-out rows.") { output, only, methods, seeds, document };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            var sets = Sets(only, only.Values(parsed));
            string[] names = ListValues.Methods(methods, methods.Values(parsed));
            ulong[] numbers = ListValues.Seeds(seeds, seeds.Values(parsed));
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

    private static IReadOnlyList<RobustnessSet> Sets(ListOption option, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return RobustnessSet.All;
        foreach (string name in names)
            if (!RobustnessSet.All.Any(set => Fits(set, name))) throw option.Refuse(name, $"there is no such data set{Spelling.Suggestion(name, RobustnessSet.All.Select(set => set.Name))}");
        return [.. RobustnessSet.All.Where(set => names.Any(name => Fits(set, name)))];
    }

    private static bool Fits(RobustnessSet set, string name) => name == "quick" ? RobustnessSet.Quick.Contains(set)
        : name.EndsWith('-') ? set.Name.StartsWith(name, StringComparison.Ordinal) : set.Name == name;
}
