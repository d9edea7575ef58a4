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
    private const string Converged = "converged", Probability = "probability";

    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var input = new PathArgument("input")
        {
            Description = $"images (a folder, a file, .mat, 'natural-images', or an IDX file for whole images), a matrix or store whose rows are samples (.npy, .npz, .safetensors, .parquet, .arrow, a folder of such files, or a path with * or ?), or the run's own '{CodeFiles.TrainingSamples}' or '{CodeFiles.ValidationSamples}'",
        };
        var output = new OutputOption("--output", "-o") { Description = "the codes: dense .npy, or sparse .npz as read by SciPy's load_npz", HelpName = "FILE", Required = true };
        var codes = new Option<string?>("--codes")
        {
            Description = "which codes: 'map', the sparse optimum under the model's prior; 'mean' or 'mode' of the posterior; 'fista', the optimum at the run's lambda; or with random numbers 'best' of J draws, as in training, or a single 'draw'; by default 'map', 'encoder' (the encoder's own) for autoencoders, 'fista' for runs of fista, and 'mean' for runs of whole images; 'probability' writes how probably each feature is active instead",
            HelpName = "KIND",
        };
        var draws = DrawsOption.Create<int?>("draws per sample of --codes best; by default as in training");
        var refine = new Option<string?>("--refine")
        {
            Description = $"number of FISTA steps that improve each code, or '{Converged}' to solve to the optimum; by default none",
            HelpName = "STEPS",
        };
        var active = new Option<int?>("--active") { Description = "keep only so many features of each code, those of largest magnitude; by default all", HelpName = "COUNT" };
        var stride = new Option<int?>("--stride") { Description = "pixels from one patch of an image to the next; by default the patch size", HelpName = "PIXELS" };
        var tensor = new Option<string?>("--tensor") { Description = "which tensor, array, column or layer of a store's files; by default the only one", HelpName = "NAME" };
        var seed = new Option<ulong?>("--seed") { Description = "seed of codes that are drawn; by default the run's, so that encoding again gives the same codes", HelpName = "SEED" };
        var command = new Command("encode", "Infer the codes of new data, which is preprocessed as the training data was.") { run, input, output, codes, draws, refine, active, stride, tensor, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(output)!;
            bool areProbabilities = parsed.GetValue(codes) == Probability;
            if (areProbabilities && (parsed.GetValue(draws) is not null || parsed.GetValue(seed) is not null || parsed.GetValue(active) is not null || parsed.GetValue(refine) is not null))
                throw new InvalidInputException($"--codes {Probability}: is computed without drawing, and is no code; leave out --draws, --seed, --active and --refine.");
            var options = new EncodeOptions
            {
                Kind = !areProbabilities && parsed.GetValue(codes) is { } name ? Kind(name) : null,
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
                Active = parsed.GetValue(active),
                Refine = Steps(parsed.GetValue(refine)),
            };
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            var summary = CodeFiles.Encode(folder, parsed.GetValue(input)!, file, options, new(parsed.GetValue(stride), parsed.GetValue(tensor) ?? ""), areProbabilities, cancellationToken);
            parsed.InvocationConfiguration.Output.WriteLine(FormattableString.Invariant(
                $"{file}: {summary.Samples} {(areProbabilities ? "rows of probabilities" : "codes")} of {summary.Atoms} {(folder.Experiment.Generator.Kind == GeneratorKind.Linear ? "atoms" : "features")}, {100 * summary.ActiveFraction:F2}% active"));
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
        "map" => CodeKind.Map,
        "encoder" => CodeKind.Encoder,
        "fista" => CodeKind.ConvergedFista,
        _ => throw new InvalidInputException($"--codes {name}: must be map, mean, mode, encoder, fista, best, draw or probability."),
    };

    private static int Steps(string? text) => text switch
    {
        null => 0,
        Converged => EncodeOptions.UntilConverged,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) => steps,
        _ => throw new InvalidInputException($"--refine {text}: must be a number of steps, or '{Converged}'."),
    };
}
