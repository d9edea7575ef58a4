using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Exchange;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>`export`: dictionaries for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var output = new OutputOption("--output", "-o") { Description = "the folder to write; it may not hold such a dictionary", HelpName = "FOLDER", Required = true };
        var format = new Option<string>("--format")
        {
            Description = "'saelens', a folder that SAELens loads; or its tensors and settings in one file, 'safetensors' or 'npz'",
            HelpName = "NAME",
            DefaultValueFactory = _ => Exporting.Names[0],
        };
        var command = new Command("export", "Write a run's dictionary, and its encoder where it fits, for other programs. The normalisation of samples becomes part of the weights; SAELens gets the dictionary alone where it cannot compute the run's codes.") { run, output, format };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            using var opened = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            var (checkpoint, file) = opened.RequireNewestCheckpoint();
            using var model = ModelFile.Model(checkpoint, file, opened.Experiment.Compute.Device);
            parsed.InvocationConfiguration.Output.WriteLine($"{folder}: {Exporting.Write(model, folder, parsed.GetValue(format)!)}");
            return ExitCode.Done;
        });
        return command;
    }
}
