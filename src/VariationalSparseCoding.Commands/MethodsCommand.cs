using System.CommandLine;
using Spectre.Console;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Commands;

/// <summary>`methods`: the methods with their names here, and the presets.</summary>
internal static class MethodsCommand
{
    public static Command Create(CommandSet set)
    {
        var command = new Command("methods", $"List the methods, those of the paper with their rows in its Table 1, and the presets of '{set.Name} train'.");
        command.SetAction(parsed =>
        {
            var methods = Consoles.Table("method", "title", "description");
            foreach (var method in MethodTable.All)
                methods.AddRow(Consoles.Cell(method.Name + (method == MethodTable.Default ? " (default)" : "")), Consoles.Cell(method.PaperRow), Consoles.Cell(method.Summary));
            var presets = Consoles.Table("preset", "description");
            foreach (var preset in Presets.All)
                presets.AddRow(Consoles.Cell(preset.Name + (preset == Presets.Quick ? " (default)" : "")), Consoles.Cell(preset.Summary));
            var console = Consoles.For(parsed.InvocationConfiguration.Output);
            console.Write(methods);
            console.Write(presets);
            return ExitCode.Done;
        });
        return command;
    }
}
