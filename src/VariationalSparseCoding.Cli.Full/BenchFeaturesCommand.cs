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
    public static Command Create(CommandSet set)
    {
        var defaults = new FeatureOptions();
        var methods = new ListOption("--methods") { Description = "methods, joined by commas; by default all", HelpName = "METHODS" };
        var active = new ListOption("--active") { Description = "numbers of active features, joined by commas, for methods that take one", HelpName = "COUNTS", DefaultValueFactory = _ => ["8,16"] };
        var seeds = new ListOption("--seeds") { Description = "seeds, joined by commas; runs go side by side, one a core", HelpName = "SEEDS", DefaultValueFactory = _ => ["0,1,2"] };
        var features = new Option<int>("--features") { Description = "features that the samples are made of, and atoms that are learned", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Features };
        var dimension = new Option<int>("--dimension") { Description = "values of a sample", HelpName = "COUNT", DefaultValueFactory = _ => defaults.Dimension };
        var expected = new Option<double?>("--expected-active") { Description = "features that are active in a sample on average; by default as the recipe makes it", HelpName = "COUNT" };
        var samples = new Option<int>("--train-samples") { Description = "training samples", HelpName = "COUNT", DefaultValueFactory = _ => 100_000 };
        var epochs = new Option<int>("--epochs") { Description = "passes over the training samples", HelpName = "COUNT", DefaultValueFactory = _ => 5 };
        var document = new OutputOption("--document") { Description = "also write the results as a Markdown page", HelpName = "FILE" };
        var command = new Command("features", "Train methods on samples made from known features, with a hierarchy, exclusion and correlation, and measure how many they find.")
        {
            methods, active, seeds, features, dimension, expected, samples, epochs, document,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(samples) < 1) throw new InvalidInputException($"--train-samples {parsed.GetValue(samples)}: must be at least 1.");
            var options = defaults with { Features = parsed.GetValue(features), Dimension = parsed.GetValue(dimension), ExpectedActive = parsed.GetValue(expected) };
            var runs = FeatureBenchmark.Plan(ListValues.Methods(methods, methods.Values(parsed)), [.. active.Values(parsed).Distinct().Select(word => Number(active, word, options.Features))],
                ListValues.Seeds(seeds, seeds.Values(parsed)));
            var results = new FeatureBenchmark(options, parsed.GetValue(samples), parsed.GetValue(epochs)).Complete(runs, result =>
            {
                writer.WriteLine($"{result.Run.Method}{(result.Run.Active == 0 ? "" : $", {result.Run.Active} active")}, seed {result.Run.Seed}: {string.Join(", ", FeatureResult.Columns.Zip(result.Values, (column, value) => $"{column} {Invariant(value)}"))}");
                writer.Flush();
            }, cancellationToken);
            if (parsed.GetValue(document) is { } page) AtomicFile.WriteText(page, FeatureTable.Markdown(results, Description(options, parsed.GetValue(samples), parsed.GetValue(epochs)), Line(parsed)));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Line(ParseResult parsed) => $"{FullProgram.Name} {string.Join(' ', parsed.Tokens.Select(token => token.Value))}";

    private static string Description(FeatureOptions options, int samples, int epochs)
    {
        double active = new FeatureTruth(options, 0).Probabilities.Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{options.Features} features of {options.Dimension} values, {active:F1} active in a sample on average; two thirds stand in trees, where a feature fires only with its parent and never with a sibling. {samples} training samples, {epochs} epochs.");
    }

    private static int Number(ListOption option, string word, int features) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= features ? number
        : throw option.Refuse(word, $"must be a whole number from 1 to the number of features, {features}.");

    private static string Invariant(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
