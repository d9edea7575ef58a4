using System.Globalization;
using Spectre.Console;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>Evaluates a run, keeps the numbers in its folder and prints them as a table.</summary>
internal static class Results
{
    public static RunEvaluation Measure(RunFolder folder, int? samples, TextWriter output, CancellationToken cancellation)
    {
        var evaluation = RunEvaluation.Of(folder, samples, cancellation);
        AtomicFile.WriteText(folder.EvaluationFile, evaluation.ToJson().ToJsonString(new() { WriteIndented = true }) + "\n");
        Print(evaluation, output);
        return evaluation;
    }

    public static void Print(RunEvaluation evaluation, TextWriter output)
    {
        var table = RunReporting.Table(evaluation);
        var grid = new Table { Border = TableBorder.Simple }.AddColumn("codes");
        foreach (string column in table.Columns) grid.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var row in table.Rows)
        {
            string[] cells = [row.Name, .. row.Values.Select(value => value.ToString("G4", CultureInfo.InvariantCulture))];
            grid.AddRow([.. cells.Select(Markup.Escape)]);
        }
        Terminal.For(output).Write(grid);
        output.WriteLine($"objective = 1/2||x - Az||^2 + {table.L1Weight}||z||_1, mean over {table.SampleCount} validation samples; lower is better");
    }
}
