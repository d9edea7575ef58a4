using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`synthetic`: what each method recovers of a known dictionary and of known codes.</summary>
internal static class SyntheticCommand
{
    private const int Threads = 1;
    private const double RecoveredCosine = 0.95;

    private static readonly string[] Columns = ["atoms recovered", "mean abs. cosine", "precision", "recall", "F1"];

    public static Command Create(CommandSet set)
    {
        var data = new Option<string>("--set") { Description = "the data set: easy, hard or both", HelpName = "SET", DefaultValueFactory = _ => "both" };
        var methods = new ListOption("--methods") { Description = "the methods, joined by commas; by default all", HelpName = "METHODS" };
        var seed = new Option<ulong>("--seed") { Description = "seed of the data and of training", HelpName = "SEED" };
        var epochs = new Option<int>("--epochs") { Description = "passes over the training samples", HelpName = "COUNT", DefaultValueFactory = _ => 100 };
        var output = new OutputOption("--output", "-o") { Description = "also write the results, as Markdown tables (.md) or JSON (.json)", HelpName = "FILE" };
        var command = new Command("synthetic", "Train methods on data made from a known dictionary, and measure how much of it they recover.") { data, methods, seed, epochs, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var sets = Sets(parsed.GetValue(data)!);
            string[] names = ListValues.Methods(methods, methods.Values(parsed));
            string? file = parsed.GetValue(output);
            if (file is not null && !IsJson(file) && Path.GetExtension(file) != ".md") throw new InvalidInputException($"--output {file}: must end in .md or .json.");
            var results = new List<SyntheticResult>();
            foreach (var chosen in sets)
                foreach (string name in names)
                {
                    var result = SyntheticBenchmark.Run(name, chosen, parsed.GetValue(seed), parsed.GetValue(epochs), Threads, cancellationToken);
                    parsed.InvocationConfiguration.Output.WriteLine($"{chosen.Name} {name}: {string.Join(", ", Columns.Zip(Cells(result), (column, cell) => $"{column} {cell}"))}");
                    results.Add(result);
                }
            if (file is not null) AtomicFile.WriteText(file, IsJson(file) ? Json(results) : Markdown(results, sets, parsed.GetValue(seed), parsed.GetValue(epochs)));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static bool IsJson(string file) => Path.GetExtension(file) == ".json";

    private static IReadOnlyList<SyntheticSet> Sets(string name) => name == "both" ? SyntheticSet.All
        : SyntheticSet.All.Where(set => set.Name == name).ToList() is { Count: > 0 } found ? found
        : throw new InvalidInputException($"--set {name}: must be easy, hard or both.");

    private static double[] Values(SyntheticResult result) =>
        [result.Dictionary.FractionRecovered(RecoveredCosine), result.Dictionary.MeanAbsoluteCosine, result.Support.Precision, result.Support.Recall, result.Support.F1];

    private static string[] Cells(SyntheticResult result) => [.. Values(result).Select((value, column) => FormattableString.Invariant(column == 0 ? (FormattableString)$"{100 * value:F0}%" : $"{value:F3}"))];

    private static string Json(IEnumerable<SyntheticResult> results) => new JsonArray([.. results.Select(JsonNode (result) =>
    {
        double[] values = Values(result);
        return new JsonObject
        {
            ["set"] = result.Set,
            ["method"] = result.Method,
            ["atoms_recovered"] = values[0],
            ["mean_absolute_cosine"] = values[1],
            ["precision"] = values[2],
            ["recall"] = values[3],
            ["f1"] = values[4],
        };
    })]).ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private static string Markdown(IReadOnlyList<SyntheticResult> results, IEnumerable<SyntheticSet> sets, ulong seed, int epochs)
    {
        var lines = new List<string>
        {
            "# Recovery of a known dictionary",
            "",
            $"Written by `{FullProgram.Name} synthetic --seed {seed} --epochs {epochs} -o docs/synthetic.md`. Samples are x = Az + noise with unit atoms; a sixth of them is kept for testing.",
            FormattableString.Invariant($"An atom counts as recovered if, after the optimal assignment, its cosine with the known atom exceeds {RecoveredCosine} in magnitude. Precision, recall and F1"),
            "compare the supports of the test samples' codes with the known ones; the codes are the best draws or, for `fista`, the optimum. The settings of each method",
            "follow from how the data were made; `SyntheticBenchmark` states them.",
        };
        foreach (var set in sets)
        {
            lines.AddRange(["", $"## {char.ToUpperInvariant(set.Name[0])}{set.Name[1..]}", "", Description(set), "", $"| method | {string.Join(" | ", Columns)} |", $"|---|{string.Concat(Columns.Select(_ => "---:|"))}"]);
            lines.AddRange(results.Where(result => result.Set == set.Name).Select(result => $"| {result.Method} | {string.Join(" | ", Cells(result))} |"));
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Description(SyntheticSet set) => FormattableString.Invariant(
        $"{set.Options.Samples} samples, D = {set.Options.Dimension}, {set.Options.Atoms} atoms, {set.Options.Support} active per sample, values {(set.Options.Distribution == CodeDistribution.AtLeastOne ? "of a random sign and 1 + |n|, n standard normal" : "standard normal")}, noise {set.Options.SignalToNoise} dB below.");
}
