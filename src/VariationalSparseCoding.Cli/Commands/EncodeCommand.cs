using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc encode`: codes of new data.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "the run's folder" };
        var input = new Argument<string>("input") { Description = $"images (folder, file, .mat, natural-images, or IDX for whole images), a matrix of samples (.npy), or the run's own {CodeFiles.TrainingSamples} or {CodeFiles.ValidationSamples}" };
        var output = new Option<string>("--output", "-o") { Description = "the codes: dense .npy, or sparse .npz as SciPy's load_npz reads it", HelpName = "FILE", Required = true };
        var codes = new Option<string>("--codes")
        {
            Description = "which codes: best (of J samples, as trained: exactly sparse), sample (one), mean or mode of the posterior, fista (converged)",
            HelpName = "KIND",
            DefaultValueFactory = _ => "best",
        };
        var samples = new Option<int?>("--samples") { Description = "J of the best codes; by default the training's", HelpName = "J" };
        var refine = new Option<string?>("--refine")
        {
            Description = "FISTA steps that start from the code: a number, or 'converged' for the optimum, by the fastest solver; by default none",
            HelpName = "K",
        };
        var stride = new Option<int?>("--stride") { Description = "pixels between the patches of an image; by default the patch size", HelpName = "PIXELS" };
        var seed = new Option<ulong?>("--seed") { Description = "seed of random codes; by default the run's, so that codes can be repeated", HelpName = "SEED" };
        var command = new Command("encode", "infer the codes of new data, preprocessed as the training data was") { run, input, output, codes, samples, refine, stride, seed };
        command.SetAction((parsed, cancellation) =>
        {
            var kind = parsed.GetValue(codes) switch
            {
                "best" => CodeKind.AsTrained,
                "sample" => CodeKind.SingleSample,
                "mean" => CodeKind.Mean,
                "mode" => CodeKind.Mode,
                "fista" => CodeKind.ConvergedFista,
                var other => throw new InvalidInputException($"--codes {other}: must be best, sample, mean, mode or fista."),
            };
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            var options = new EncodeOptions { Kind = kind, Draws = parsed.GetValue(samples), Seed = parsed.GetValue(seed), Refine = Steps(parsed.GetValue(refine)) };
            var summary = CodeFiles.Encode(folder, parsed.GetValue(input)!, parsed.GetValue(output)!, options, parsed.GetValue(stride), cancellation);
            parsed.InvocationConfiguration.Output.WriteLine(FormattableString.Invariant(
                $"{parsed.GetValue(output)}: {summary.Samples} codes of {summary.Atoms} {(folder.Experiment.Generator.Kind == GeneratorKind.Linear ? "atoms" : "features")}, {100 * summary.ActiveFraction:F2}% active"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static int Steps(string? text) => text switch
    {
        null => 0,
        "converged" => EncodeOptions.UntilConverged,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) => steps,
        _ => throw new InvalidInputException($"--refine {text}: must be a number of steps, or converged."),
    };
}
