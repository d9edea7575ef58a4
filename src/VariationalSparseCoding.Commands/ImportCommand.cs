using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Exchange;

namespace VariationalSparseCoding.Commands;

/// <summary>`import`: dictionaries of other programs.</summary>
internal static class ImportCommand
{
    public static Command Create(CommandSet set)
    {
        var path = new PathArgument("path") { Description = "the dictionary: its folder, or the file of its weights (.safetensors, .pt, .npz, or a matrix of atoms, .npy)" };
        var output = new OutputOption("--output", "-o") { Description = "the folder of the run that it becomes; new or empty", HelpName = "RUN", Required = true };
        var format = new Option<string?>("--format") { Description = $"{string.Join(", ", CoderFormats.Names)}; by default recognised from the files", HelpName = "NAME" };
        var lambda = new Option<double?>("--lambda") { Description = "weight of the 1-norm in codes by a solver, which a matrix of atoms needs; by default what the files say, or the usual one for standardised samples", HelpName = "WEIGHT" };
        var command = new Command("import", "Make a run of a dictionary that SAELens, sparsify, dictionary_learning, Gemma Scope or sentence-transformers has trained, or of a matrix of atoms. It encodes, decodes and, with --data, is evaluated like one of ours; what its arithmetic asks for and cannot be represented is refused.") { path, output, format, lambda };
        command.SetAction(parsed =>
        {
            string run = parsed.GetValue(output)!;
            var (summary, notes) = Importing.ToRun(parsed.GetValue(path)!, run, parsed.GetValue(format), parsed.GetValue(lambda));
            foreach (string note in notes) parsed.InvocationConfiguration.Error.WriteLine($"{set.Name}: {note}");
            parsed.InvocationConfiguration.Output.WriteLine($"{run}: {summary}");
            return ExitCode.Done;
        });
        return command;
    }
}
