using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Commands;

/// <summary>`decode`: samples from codes.</summary>
internal static class DecodeCommand
{
    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var codes = new PathArgument("codes") { Description = "the codes: a dense .npy or sparse .npz file" };
        var output = new OutputOption("--output", "-o") { Description = "the samples, .npy", HelpName = "FILE", Required = true };
        var command = new Command("decode", "Reconstruct samples from codes. Standardisation is undone; whitened patches stay whitened; whole images are rows with values in [0, 1].") { run, codes, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(output)!;
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            long rows = CodeFiles.Decode(folder, parsed.GetValue(codes)!, file, cancellationToken);
            parsed.InvocationConfiguration.Output.WriteLine($"{file}: {rows} {(folder.Experiment.Generator.Kind == GeneratorKind.Linear ? "samples" : "images")}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
