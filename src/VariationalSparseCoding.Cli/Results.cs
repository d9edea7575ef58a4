using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>A run's evaluation as commands show and keep it, whatever its generator.</summary>
/// <param name="Table">The numbers as a table.</param>
/// <param name="Explanation">What they are, in a line.</param>
/// <param name="Json">The numbers under flat names.</param>
/// <param name="Describe">What a page says about the run.</param>
/// <param name="WriteReport">Writes report and pictures; the report to a file, or null for the run's own.</param>
/// <param name="Pictures">What the pictures show, with their files.</param>
internal sealed record Results(EvaluationTable Table, string Explanation, JsonObject Json, Func<ReportedRun> Describe, Action<string?> WriteReport, IReadOnlyList<(string Name, string Path)> Pictures)
{
    /// <summary>Evaluates a run, keeps the numbers in its folder and prints them as a table.</summary>
    public static Results Measure(RunFolder folder, TextWriter output, CancellationToken cancellation)
    {
        var results = Of(folder, null, cancellation);
        AtomicFile.WriteText(folder.EvaluationFile, results.JsonText() + "\n");
        results.Print(output);
        return results;
    }

    /// <summary>Evaluates a run.</summary>
    public static Results Of(RunFolder folder, int? samples, CancellationToken cancellation)
    {
        if (folder.Experiment.Generator.Kind == GeneratorKind.Convolutional)
        {
            var images = ImageEvaluation.Of(folder, samples, cancellation);
            var found = ImageReporting.Table(images);
            return new(found, $"squared error = (1/D)||x - xhat||^2, values in [0, 1], mean over pixels and {found.SampleCount} validation images; lower is better",
                images.ToJson(), () => ImageReporting.Describe(folder, images), file => ImageReporting.Write(folder, images, file), [("pictures", folder.ReconstructionsPicture), ("", folder.TraversalsPicture)]);
        }
        var evaluation = RunEvaluation.Of(folder, samples, cancellation);
        var table = RunReporting.Table(evaluation);
        return new(table, $"objective = 1/2||x - Az||^2 + {table.L1Weight}||z||_1, mean over {table.SampleCount} validation samples; lower is better",
            evaluation.ToJson(), () => RunReporting.Describe(folder, evaluation), file => RunReporting.Write(folder, evaluation, file), [("dictionary", folder.DictionaryPicture)]);
    }

    public string JsonText() => Json.ToJsonString(new() { WriteIndented = true });

    public void Print(TextWriter output)
    {
        var grid = new Table { Border = TableBorder.Simple }.AddColumn("codes");
        foreach (string column in Table.Columns) grid.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var row in Table.Rows)
        {
            string[] cells = [row.Name, .. row.Values.Select(value => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture))];
            grid.AddRow([.. cells.Select(Markup.Escape)]);
        }
        Terminal.For(output).Write(grid);
        output.WriteLine(Explanation);
    }
}
