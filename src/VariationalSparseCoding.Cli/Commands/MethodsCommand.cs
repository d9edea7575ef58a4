using System.CommandLine;
using Spectre.Console;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc methods`: the methods of the paper and their names here, and the presets.</summary>
internal static class MethodsCommand
{
    public static Command Create()
    {
        var command = new Command("methods", "list the methods, with the paper's row of each, and the presets of 'vsc train'");
        command.SetAction(parsed =>
        {
            var table = new Table { Border = TableBorder.Simple }.AddColumns("method", "Table 1", "what it is");
            foreach (var method in MethodTable.All)
                table.AddRow(Markup.Escape(method.Name + (method == MethodTable.Default ? " (default)" : "")), Markup.Escape(method.PaperRow), Markup.Escape(method.Summary));
            var presets = new Table { Border = TableBorder.Simple }.AddColumns("preset", "what it is");
            foreach (var preset in Presets.All)
                presets.AddRow(Markup.Escape(preset.Name + (preset == Presets.Quick ? " (default)" : "")), Markup.Escape(preset.Summary));
            var console = Terminal.For(parsed.InvocationConfiguration.Output);
            console.Write(table);
            console.Write(presets);
            return ExitCode.Done;
        });
        return command;
    }
}
