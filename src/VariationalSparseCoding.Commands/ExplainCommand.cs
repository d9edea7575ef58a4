using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Commands;

/// <summary>`explain`: what features stand for.</summary>
internal sealed class ExplainCommand
{
    private const int DefaultExamples = 10, DefaultListed = 20;

    private readonly PathArgument run = new("run") { Description = "the run's folder" };
    private readonly Argument<string[]> features = new("features") { Description = "numbers of features, such as 37 or 37,112; without any, features are listed", Arity = ArgumentArity.ZeroOrMore };
    private readonly PathOption store = new("--store") { Description = "the rows by which features are explained: a store, matrix or images, as for encode; by default all of the data that the run was trained on", HelpName = "PATH" };
    private readonly Option<string?> tensor = new("--tensor") { Description = "which tensor, array, column or layer of the store's files; by default the only one", HelpName = "NAME" };
    private readonly PathOption labels = new("--labels") { Description = "a text with one label for each row, a line each; by default the labels that the store has", HelpName = "FILE" };
    private readonly Option<int?> top = new("--top") { Description = $"list so many features, the most active ones or those that go with --label most; by default {DefaultListed}", HelpName = "COUNT" };
    private readonly Option<string?> label = new("--label") { Description = "list the features that go with a label", HelpName = "LABEL" };
    private readonly Option<int> examples = new("--examples") { Description = $"rows shown of a feature, at most {FeatureIndex.KeptRows}: those that activate it most, and half as many from its whole range", HelpName = "COUNT", DefaultValueFactory = _ => DefaultExamples };
    private readonly Option<bool> json = new("--json") { Description = "print JSON with all that is known of each feature" };
    private readonly OutputOption output = new("--output", "-o") { Description = "write all that is known of each feature as a self-contained HTML page", HelpName = "FILE" };

    public static Command Create(CommandSet set)
    {
        var options = new ExplainCommand();
        var command = new Command("explain", "Say what features stand for: the rows that activate them most, how often and how strongly they are active, and what they go with.")
        {
            options.run, options.features, options.store, options.tensor, options.labels, options.top, options.label, options.examples, options.json, options.output,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            options.Explain(set, parsed, cancellationToken);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private void Explain(CommandSet set, ParseResult parsed, CancellationToken cancellationToken)
    {
        var writer = parsed.InvocationConfiguration.Output;
        int shown = parsed.GetValue(examples);
        if (shown is < 1 or > FeatureIndex.KeptRows) throw new InvalidInputException($"--examples {shown}: must be from 1 to {FeatureIndex.KeptRows}.");
        if (parsed.GetValue(top) is { } count && count < 1) throw new InvalidInputException($"--top {count}: must be at least 1.");
        int[] named = Named(parsed);
        string? page = parsed.GetValue(output);
        if (page is not null) ReportCommand.RequirePage(page);
        using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
        using var explained = ExplainedRun.Open(folder, new(parsed.GetValue(store), parsed.GetValue(tensor), parsed.GetValue(labels)));
        if (Array.Find(named, feature => feature >= explained.Model.Atoms) is > 0 and var unknown)
            throw new InvalidInputException($"feature {unknown}: the run has features 0 to {explained.Model.Atoms - 1}; name one of these.");
        // Before a pass over all rows.
        if (parsed.GetValue(label) is { } wanted) RowLabels.NumberOf(wanted, explained.Data.Labels?.Names ?? []);
        // What is piped elsewhere holds nothing but the result.
        var progress = Consoles.IsLive(writer) ? writer : parsed.InvocationConfiguration.Error;
        explained.Prepare(make => RowProgress.Run(progress, rows => make(new Translated(rows))), cancellationToken);
        bool isList = named.Length == 0;
        if (isList) named = [.. Listed(explained, parsed)];
        var found = named.Select(feature =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return explained.Explain(feature, shown);
        });
        if (page is not null)
        {
            FeaturePage.Write(page, explained, [.. found]);
            writer.WriteLine(page);
        }
        else if (parsed.GetValue(json)) writer.WriteLine(ExplainedJson.Of(explained, found).ToJsonString(new() { WriteIndented = true }));
        else if (isList) FeatureText.List(writer, explained, [.. found]);
        else FeatureText.Write(writer, explained, found);
    }

    private int[] Named(ParseResult parsed)
    {
        string[] words = [.. (parsed.GetValue(features) ?? []).SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries))];
        if (words.Length > 0 && (parsed.GetValue(top) is not null || parsed.GetValue(label) is not null))
            throw new InvalidInputException("--top and --label choose features: leave them out, or the numbers.");
        return [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int feature) ? feature
            : throw new InvalidInputException($"features {word}: must be the number of a feature, from 0."))];
    }

    private IEnumerable<int> Listed(ExplainedRun explained, ParseResult parsed) =>
        (parsed.GetValue(label) is { } wanted ? explained.Index.ByLabel(wanted) : explained.Index.ByRate()).Take(parsed.GetValue(top) ?? DefaultListed);

    /// <summary>The library's progress in the console's words.</summary>
    private sealed class Translated(IProgress<RowsDone> progress) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => progress.Report(new((double)value.Done / value.Total, value.Done));
    }
}
