using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Commands;

/// <summary>`encode`: codes of new data.</summary>
internal static class EncodeCommand
{
    private const string Converged = "converged";

    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var input = new PathArgument("input")
        {
            Description = $"images (a folder, a file, .mat, 'natural-images', or an IDX file for whole images), a matrix whose rows are samples (.npy), or the run's own '{CodeFiles.TrainingSamples}' or '{CodeFiles.ValidationSamples}'",
        };
        var output = new PathOption("--output", "-o") { Description = "the codes: dense .npy, or sparse .npz as read by SciPy's load_npz", HelpName = "FILE", Required = true };
        var codes = new Option<string>("--codes")
        {
            Description = "which codes: 'best' of J draws, as in training; 'draw', a single draw; 'mean' or 'mode' of the posterior; or 'fista', the converged optimum",
            HelpName = "KIND",
            DefaultValueFactory = _ => "best",
        };
        var draws = DrawsOption.Create<int?>("draws per sample for the best codes; by default as in training");
        var refine = new Option<string?>("--refine")
        {
            Description = $"number of FISTA steps that improve each code, or '{Converged}' to solve to the optimum; by default none",
            HelpName = "STEPS",
        };
        var stride = new Option<int?>("--stride") { Description = "pixels from one patch of an image to the next; by default the patch size", HelpName = "PIXELS" };
        var seed = new Option<ulong?>("--seed") { Description = "seed of random codes; by default the run's, so that encoding again gives the same codes", HelpName = "SEED" };
        var command = new Command("encode", "Infer the codes of new data, which is preprocessed as the training data was.") { run, input, output, codes, draws, refine, stride, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(output)!;
            var options = new EncodeOptions
            {
                Kind = Kind(parsed.GetValue(codes)!),
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
                Refine = Steps(parsed.GetValue(refine)),
            };
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            var summary = CodeFiles.Encode(folder, parsed.GetValue(input)!, file, options, parsed.GetValue(stride), cancellationToken);
            parsed.InvocationConfiguration.Output.WriteLine(FormattableString.Invariant(
                $"{file}: {summary.Samples} codes of {summary.Atoms} {(folder.Experiment.Generator.Kind == GeneratorKind.Linear ? "atoms" : "features")}, {100 * summary.ActiveFraction:F2}% active"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static CodeKind Kind(string name) => name switch
    {
        "best" => CodeKind.AsTrained,
        // "sample" is the name of version 0.1.
        "draw" or "sample" => CodeKind.SingleDraw,
        "mean" => CodeKind.Mean,
        "mode" => CodeKind.Mode,
        "fista" => CodeKind.ConvergedFista,
        _ => throw new InvalidInputException($"--codes {name}: must be best, draw, mean, mode or fista."),
    };

    private static int Steps(string? text) => text switch
    {
        null => 0,
        Converged => EncodeOptions.UntilConverged,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) => steps,
        _ => throw new InvalidInputException($"--refine {text}: must be a number of steps, or '{Converged}'."),
    };
}
