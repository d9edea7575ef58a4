using System.CommandLine;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc decode`: samples from codes.</summary>
internal static class DecodeCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "the run's folder" };
        var codes = new Argument<string>("codes") { Description = "codes, dense .npy or sparse .npz" };
        var output = new Option<string>("--output", "-o") { Description = "the samples, .npy", HelpName = "FILE", Required = true };
        var command = new Command("decode", "reconstruct samples from codes, with the standardisation undone (whitened patches stay whitened; whole images are rows with values in [0, 1])") { run, codes, output };
        command.SetAction((parsed, cancellation) =>
        {
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            long rows = CodeFiles.Decode(folder, parsed.GetValue(codes)!, parsed.GetValue(output)!, cancellation);
            parsed.InvocationConfiguration.Output.WriteLine($"{parsed.GetValue(output)}: {rows} {(folder.Experiment.Generator.Kind == GeneratorKind.Linear ? "samples" : "images")}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
