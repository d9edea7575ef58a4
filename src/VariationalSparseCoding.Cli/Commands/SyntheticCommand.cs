using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc synthetic`: what each method recovers of a known dictionary and of known codes.</summary>
internal static class SyntheticCommand
{
    private static readonly string[] Columns = ["atoms recovered", "mean abs. cosine", "precision", "recall", "F1"];

    public static Command Create()
    {
        var set = new Option<string>("--set") { Description = "easy, hard or both", HelpName = "SET", DefaultValueFactory = _ => "both" };
        var methods = new Option<string[]>("--methods") { Description = "the methods; by default all", HelpName = "METHOD", AllowMultipleArgumentsPerToken = true };
        var seed = new Option<ulong>("--seed") { Description = "seed of data and training", HelpName = "SEED" };
        var epochs = new Option<int>("--epochs") { Description = "passes over the 10,000 training samples", HelpName = "COUNT", DefaultValueFactory = _ => 100 };
        var output = new Option<string?>("--output", "-o") { Description = "write a Markdown table (.md) or JSON (.json)", HelpName = "FILE" };
        var command = new Command("synthetic", "train methods on data made from a known dictionary, and measure what they recover of it") { set, methods, seed, epochs, output };
        command.SetAction((parsed, cancellation) =>
        {
            var sets = Sets(parsed.GetValue(set)!);
            string[] names = parsed.GetValue(methods) is { Length: > 0 } given ? given : [.. MethodTable.All.Select(method => method.Name)];
            string? file = parsed.GetValue(output);
            if (file is not null && !IsJson(file) && Path.GetExtension(file) != ".md") throw new InvalidInputException($"--output {file}: must end in .md or .json.");
            var results = new List<SyntheticResult>();
            foreach (var chosen in sets)
                foreach (string name in names)
                {
                    var result = SyntheticBenchmark.Run(name, chosen, parsed.GetValue(seed), parsed.GetValue(epochs), cancellation: cancellation);
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
        [result.Dictionary.FractionRecovered(), result.Dictionary.MeanAbsoluteCosine, result.Support.Precision, result.Support.Recall, result.Support.F1];

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
            $"Written by `vsc synthetic --seed {seed} --epochs {epochs} -o docs/synthetic.md`. Samples are x = Az + noise with unit atoms; 10,000 of them train, 2,000 test. An atom is recovered",
            "where, after the optimal assignment, its cosine with the known atom exceeds 0.95 in magnitude. Precision, recall and F1 are those of the supports of the",
            "test samples' codes: the best of 20 samples, or the optimum for `fista`. The settings of each method follow from how the data were made; they are",
            "stated at `SyntheticBenchmark`.",
        };
        foreach (var set in sets)
        {
            lines.AddRange(["", $"## {char.ToUpperInvariant(set.Name[0])}{set.Name[1..]}", "", Description(set), "", $"| method | {string.Join(" | ", Columns)} |", $"|---|{string.Concat(Columns.Select(_ => "---:|"))}"]);
            lines.AddRange(results.Where(result => result.Set == set.Name).Select(result => $"| {result.Method} | {string.Join(" | ", Cells(result))} |"));
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Description(SyntheticSet set) => FormattableString.Invariant(
        $"D = {set.Options.Dimension}, {set.Options.Atoms} atoms, {set.Options.Support} active per sample, values {(set.Options.Distribution == Data.CodeDistribution.AtLeastOne ? "of a random sign and 1 + |n|, n standard normal" : "standard normal")}, noise {set.Options.SignalToNoise} dB below.");
}
