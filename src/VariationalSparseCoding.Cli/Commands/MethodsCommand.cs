using System.CommandLine;
using Spectre.Console;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc methods`: the methods of the paper and their names here.</summary>
internal static class MethodsCommand
{
    public static Command Create()
    {
        var command = new Command("methods", "list the methods, with the paper's row of each");
        command.SetAction(parsed =>
        {
            var table = new Table { Border = TableBorder.Simple }.AddColumns("method", "Table 1", "what it is");
            foreach (var method in MethodTable.All)
                table.AddRow(Markup.Escape(method.Name + (method == MethodTable.Default ? " (default)" : "")), Markup.Escape(method.PaperRow), Markup.Escape(method.Summary));
            Terminal.For(parsed.InvocationConfiguration.Output).Write(table);
            return ExitCode.Done;
        });
        return command;
    }
}
