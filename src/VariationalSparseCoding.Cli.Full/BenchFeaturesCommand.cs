using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench features`: how many known features each method finds.</summary>
internal static class BenchFeaturesCommand
{
    // SynthSAEBench learns 4,096 atoms from samples of 16,384 features.
    private const int FeaturesPerAtom = 4;

    public static Command Create(CommandSet set)
    {
        var defaults = new FeatureOptions();
        var methods = new ListOption("--methods") { Description = "methods, joined by commas; by default all", HelpName = "METHODS" };
        var active = new ListOption("--active") { Description = "numbers of active features, joined by commas, for methods that take one", HelpName = "COUNTS", DefaultValueFactory = _ => ["8,16"] };
        var seeds = new ListOption("--seeds") { Description = "seeds, joined by commas; runs go side by side, one a core", HelpName = "SEEDS", DefaultValueFactory = _ => ["0,1,2"] };
        var features = new Option<int>("--features") { Description = "features that the samples are made of", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Features };
        var atoms = new Option<int?>("--atoms") { Description = "atoms that are learned; by default a quarter of the features, as in the recipe", HelpName = "COUNT" };
        var dimension = new Option<int>("--dimension") { Description = "values of a sample", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Dimension };
        var expected = new Option<double?>("--expected-active") { Description = "features that are active in a sample on average; by default as the recipe makes it", HelpName = "COUNT" };
        var samples = new Option<int>("--train-samples") { Description = "training samples", HelpName = "COUNT", DefaultValueFactory = _ => 100_000 };
        var epochs = new Option<int>("--epochs") { Description = "passes over the training samples", HelpName = "COUNT", DefaultValueFactory = _ => 5 };
        var document = new OutputOption("--document") { Description = "also write the results as a Markdown page", HelpName = "FILE" };
        var command = new Command("features", "Train methods on samples made from known features, with a hierarchy, exclusion and correlation, and measure how many they find.")
        {
            methods, active, seeds, features, atoms, dimension, expected, samples, epochs, document,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(samples) < 1) throw new InvalidInputException($"--train-samples {parsed.GetValue(samples)}: must be at least 1.");
            var options = defaults with { Features = parsed.GetValue(features), Dimension = parsed.GetValue(dimension), ExpectedActive = parsed.GetValue(expected) };
            int learned = parsed.GetValue(atoms) ?? Math.Max(1, options.Features / FeaturesPerAtom);
            if (learned < 1) throw new InvalidInputException($"--atoms {learned}: must be at least 1.");
            var runs = FeatureBenchmark.Plan(ListValues.Methods(methods, methods.Values(parsed)), ListValues.Active(active, active.Values(parsed), learned),
                ListValues.Seeds(seeds, seeds.Values(parsed)));
            var results = new FeatureBenchmark(options, parsed.GetValue(samples), parsed.GetValue(epochs), learned).Complete(runs, result =>
            {
                writer.WriteLine($"{result.Run.Method}{(result.Run.Active == 0 ? "" : $", {result.Run.Active} active")}, seed {result.Run.Seed}: {string.Join(", ", FeatureResult.Columns.Zip(result.Values, (column, value) => $"{column} {Invariant(value)}"))}");
                writer.Flush();
            }, cancellationToken);
            if (parsed.GetValue(document) is { } page) AtomicFile.WriteText(page, FeatureTable.Markdown(results, Description(options, learned, parsed.GetValue(samples), parsed.GetValue(epochs)), ListValues.Line(parsed)));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Description(FeatureOptions options, int atoms, int samples, int epochs)
    {
        double active = new FeatureTruth(options, 0).Probabilities.Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{options.Features} features of {options.Dimension} values, {active:F1} active in a sample on average; two thirds stand in trees, where a feature fires only with its parent and never with a sibling. {atoms} atoms are learned from {samples} samples in {epochs} epochs; MCC, precision, recall and F1 are means over matched features, as many as there are of the fewer.");
    }

    private static string Invariant(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
