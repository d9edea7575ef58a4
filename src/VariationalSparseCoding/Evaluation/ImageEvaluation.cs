using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Evaluation;

/// <summary>What a convolutional generator makes of one kind of codes, means over the validation images.</summary>
/// <param name="Kind">Which codes.</param>
/// <param name="SquaredError">(1/D)||x - xhat||^2, the mean over pixels.</param>
/// <param name="L1">||z||_1.</param>
/// <param name="ActiveFraction">The fraction of features that are not exactly 0.</param>
internal sealed record EvaluatedImages(CodeKind Kind, double SquaredError, double L1, double ActiveFraction);

/// <summary>One feature of a code swept over its range while the others stay.</summary>
/// <param name="Feature">Number of the feature.</param>
/// <param name="ActiveFraction">The share of validation images on which it is not 0.</param>
/// <param name="Values">The feature's values, from low to high, [T].</param>
/// <param name="Images">What the generator makes of them, [T, D].</param>
internal sealed record LatentTraversal(int Feature, double ActiveFraction, float[] Values, float[] Images);

/// <summary>A trained run with a convolutional generator, measured on its validation images.</summary>
internal sealed class ImageEvaluation
{
    private const int ShownImages = 12, ShownFeatures = 10, TraversalSteps = 9;
    private static readonly CodeKind[] Kinds = [CodeKind.AsTrained, CodeKind.SingleDraw, CodeKind.Mean, CodeKind.ZeroCode];

    /// <summary>The run's description.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>The images' shape.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Steps done by the checkpoint that was evaluated.</summary>
    public required long Step { get; init; }

    /// <summary>J, the number of draws from which codes as trained were selected.</summary>
    public required int Draws { get; init; }

    /// <summary>N, the number of validation images.</summary>
    public required int Count { get; init; }

    /// <summary>Codes as trained, [N, d].</summary>
    public required float[] Codes { get; init; }

    /// <summary>What the generator makes of each kind of codes.</summary>
    public required IReadOnlyList<EvaluatedImages> Results { get; init; }

    /// <summary>The squared error of the validation images' mean in place of each of them, (1/D)||x - mean||^2: the baseline that a code should beat.</summary>
    public required double MeanImageError { get; init; }

    /// <summary>Some validation images, [R, D].</summary>
    public required float[] Originals { get; init; }

    /// <summary>Their reconstructions from codes as trained, [R, D].</summary>
    public required float[] Reconstructions { get; init; }

    /// <summary>The most active features, each swept.</summary>
    public required IReadOnlyList<LatentTraversal> Traversals { get; init; }

    /// <summary>The result of a kind of codes.</summary>
    /// <param name="kind">As trained, single draw, mean or all zero.</param>
    public EvaluatedImages this[CodeKind kind] => Results.Single(result => result.Kind == kind);

    /// <summary>Evaluates the newest checkpoint of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="draws">J of the codes as trained; null for the experiment's.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, or it or the data cannot be read, or the run's generator is linear.</exception>
    public static ImageEvaluation Of(RunFolder folder, int? draws = null, CancellationToken cancellationToken = default) =>
        LoadedRun.Evaluate(folder, draws, (run, chosen) => Of(run, chosen, null, cancellationToken));

    /// <summary>Evaluates an opened run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="draws">J of the codes as trained.</param>
    /// <param name="onCodes">Is shown the codes of each kind, [N, d].</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    internal static ImageEvaluation Of(LoadedRun run, int draws, Action<CodeKind, float[]>? onCodes, CancellationToken cancellationToken)
    {
        var (experiment, model, data) = (run.Experiment, run.Model, run.Data);
        var shape = data.Preprocessing.ImageShape ?? throw new InvalidInputException("the run's samples are no whole images; evaluate it as a run with a linear generator");
        var inference = new CodeInference(model, AnnealedWeights.Evaluation);
        var key = new NoiseKey(experiment.Seed, NoisePurpose.Evaluation, 0);
        float[]? asTrained = null;
        var results = new List<EvaluatedImages>();
        foreach (var kind in Kinds)
        {
            // With J = 1 a single draw is the code as trained.
            float[] codes = kind == CodeKind.SingleDraw && draws == 1 ? asTrained! : inference.Codes(kind, data.Validation, key, draws, cancellationToken);
            asTrained ??= codes;
            onCodes?.Invoke(kind, codes);
            var terms = CodeEvaluation.Terms(model, data.Validation, codes);
            results.Add(new(kind, terms["squared_error"], terms["l1"], terms["active_fraction"]));
        }
        int atoms = experiment.Generator.Atoms, count = data.Validation.Count;
        // Spread over the set, so that the choice is nobody's.
        int[] shown = [.. Enumerable.Range(0, Math.Min(ShownImages, count)).Select(i => (int)((long)i * count / Math.Min(ShownImages, count)))];
        float[] originals = new float[shown.Length * shape.Size];
        data.Validation.CopyRows(shown, originals);
        return new()
        {
            Experiment = experiment,
            Shape = shape,
            Step = run.Step,
            Draws = draws,
            Count = count,
            Codes = asTrained!,
            Results = results,
            MeanImageError = CodeEvaluation.Variance(data.Validation),
            Originals = originals,
            Reconstructions = Decoded(model, [.. shown.SelectMany(row => asTrained.AsSpan(row * atoms, atoms).ToArray())]),
            Traversals = [.. MostActive(asTrained!, atoms).Select(feature => Traverse(model, asTrained!, feature.Feature, feature.ActiveFraction))],
        };
    }

    /// <summary>The results under flat names: squared_error, l1 and active_fraction of the codes as trained, and the same names ending in _j1, _mean and _zero_code.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["method"] = Experiment.Method,
            ["fidelity"] = ExperimentJson.Name(Experiment.Fidelity),
            ["seed"] = Experiment.Seed,
            ["step"] = Step,
            ["draws"] = Draws,
            ["validation_samples"] = Count,
            ["squared_error_mean_image"] = MeanImageError,
        };
        foreach (var result in Results)
        {
            string ending = RunEvaluation.Ending(result.Kind);
            json["squared_error" + ending] = result.SquaredError;
            json["l1" + ending] = result.L1;
            json["active_fraction" + ending] = result.ActiveFraction;
        }
        return json;
    }

    /// <summary>The features that are active most often, in descending order.</summary>
    private static IEnumerable<(int Feature, double ActiveFraction)> MostActive(float[] codes, int atoms)
    {
        int[] active = new int[atoms];
        double[] energy = new double[atoms];
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] != 0) active[i % atoms]++;
            energy[i % atoms] += (double)codes[i] * codes[i];
        }
        int count = codes.Length / atoms;
        // Codes that are not sparse are active everywhere: their energy decides.
        return Enumerable.Range(0, atoms).Where(feature => active[feature] > 0).OrderByDescending(feature => active[feature]).ThenByDescending(feature => energy[feature])
            .Take(ShownFeatures).Select(feature => (feature, (double)active[feature] / count));
    }

    /// <summary>Sweeps a feature between its extremes over all codes, in the code on which it is strongest.</summary>
    private static LatentTraversal Traverse(SparseCodingModel model, float[] codes, int feature, double activeFraction)
    {
        int atoms = model.Experiment.Generator.Atoms, count = codes.Length / atoms;
        int strongest = Enumerable.Range(0, count).MaxBy(row => Math.Abs(codes[row * atoms + feature]));
        float bound = Math.Abs(codes[strongest * atoms + feature]);
        float[] values = [.. Enumerable.Range(0, TraversalSteps).Select(step => bound * (2f * step / (TraversalSteps - 1) - 1))];
        float[] swept = [.. values.SelectMany(value =>
        {
            float[] code = codes.AsSpan(strongest * atoms, atoms).ToArray();
            code[feature] = value;
            return code;
        })];
        return new(feature, activeFraction, values, Decoded(model, swept));
    }

    private static float[] Decoded(SparseCodingModel model, float[] codes)
    {
        float[] images = new float[codes.Length / model.Experiment.Generator.Atoms * model.Preprocessing.Dimension];
        CodeDecoding.Decode(model, codes, images);
        return images;
    }
}
