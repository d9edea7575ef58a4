using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Evaluation;

/// <summary>The objective's terms for one kind of codes.</summary>
/// <param name="Kind">Which codes.</param>
/// <param name="Terms">The terms, means over the validation samples.</param>
public sealed record EvaluatedCodes(CodeKind Kind, SparseCodingObjective Terms);

/// <summary>A trained run measured on its validation samples.</summary>
public sealed class RunEvaluation
{
    private RunEvaluation(LoadedRun run, float[] validation, int draws, (float[] AsTrained, float[] Default) codes, IReadOnlyList<EvaluatedCodes> objectives)
    {
        (Experiment, Preprocessing, Step, Draws, Validation) = (run.Experiment, run.Data.Preprocessing, run.Step, draws, validation);
        (Dictionary, Offset) = (run.Model.Dictionary(), run.Model.Offset.ToArray());
        (Codes, DefaultCodes, Objectives) = (codes.AsTrained, codes.Default, objectives);
        float[] decoded = new float[Validation.Length];
        run.Model.Decode(DefaultCodes, decoded);
        Quality = CodeQuality.Of(Validation, decoded, Preprocessing.Dimension, DefaultCodes, Experiment.Generator.Atoms);
        DictionaryQuality = DictionaryQuality.Of(Dictionary, Experiment.Generator.Atoms);
    }

    /// <summary>The run's description.</summary>
    public Experiment Experiment { get; }

    /// <summary>What was done to the samples.</summary>
    internal Preprocessing Preprocessing { get; }

    /// <summary>Steps done by the checkpoint that was evaluated.</summary>
    public long Step { get; }

    /// <summary>J, the number of draws from which codes as trained were selected.</summary>
    public int Draws { get; }

    /// <summary>The validation samples, preprocessed, [N, D].</summary>
    public float[] Validation { get; }

    /// <summary>The dictionary, [D, d].</summary>
    public float[] Dictionary { get; }

    /// <summary>What the code 0 stands for, [D]; empty if that is 0.</summary>
    internal float[] Offset { get; }

    /// <summary>Codes as trained, [N, d].</summary>
    public float[] Codes { get; }

    /// <summary>The codes that the model gives when no kind is named, [N, d].</summary>
    internal float[] DefaultCodes { get; }

    /// <summary>The codes that the model gives when no kind is named, in the terms of sparse autoencoders.</summary>
    public CodeQuality Quality { get; }

    /// <summary>The atoms' norms, and how alike they are.</summary>
    internal DictionaryQuality DictionaryQuality { get; }

    /// <summary>The objective of each kind of codes.</summary>
    public IReadOnlyList<EvaluatedCodes> Objectives { get; }

    /// <summary>The objective's terms of a kind of codes.</summary>
    /// <param name="kind">The kind.</param>
    public SparseCodingObjective this[CodeKind kind] => Objectives.Single(codes => codes.Kind == kind).Terms;

    /// <summary>Evaluates the newest checkpoint of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="draws">J of the codes as trained; null for the experiment's.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, or it or the data cannot be read.</exception>
    public static RunEvaluation Of(RunFolder folder, int? draws = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return LoadedRun.Evaluate(folder, draws, (run, chosen) => Of(run, chosen, null, cancellationToken));
    }

    /// <summary>Evaluates an opened run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="draws">J of the codes as trained.</param>
    /// <param name="onCodes">Is shown the codes of each kind, [N, d].</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    internal static RunEvaluation Of(LoadedRun run, int draws, Action<CodeKind, float[]>? onCodes, CancellationToken cancellationToken)
    {
        var (experiment, model) = (run.Experiment, run.Model);
        // Read once: they may lie all over a store.
        float[] validation = run.Data.Validation.Rows(0, run.Data.Validation.Count);
        using var samples = new MemorySet(validation, Preprocessing.OfVectors(model.Dimension));
        var inference = new CodeInference(model, AnnealedWeights.Evaluation);
        var key = new NoiseKey(experiment.Seed, NoisePurpose.Evaluation, 0);

        float[] asTrained = Codes(CodeKind.AsTrained), byDefault = asTrained;
        var defaultKind = DefaultCode.KindOf(experiment);
        EvaluatedCodes[] objectives = [.. Enum.GetValues<CodeKind>().Where(kind => kind is not (CodeKind.Map or CodeKind.Encoder) || kind == defaultKind).Select(kind => Measure(kind, kind == CodeKind.AsTrained || kind == CodeKind.Encoder || Original(experiment, draws, kind) is CodeKind.AsTrained or CodeKind.Encoder ? asTrained : Codes(kind)))];
        return new(run, validation, draws, (asTrained, byDefault), objectives);

        float[] Codes(CodeKind kind) => inference.Codes(kind, samples, key, draws, cancellationToken);

        EvaluatedCodes Measure(CodeKind kind, float[] codes)
        {
            if (kind == defaultKind) byDefault = codes;
            onCodes?.Invoke(kind, codes);
            return new(kind, CodeEvaluation.Objective(model, samples, codes));
        }
    }

    /// <summary>
    /// The results under flat names: objective, objective_table1 (with 1e-3 ||A||_F^2), reconstruction (with its 1/2), l1 and active_fraction of the codes
    /// as trained, and the same names ending in _j1, _mean, _mode, _zero_code, _map or _encoder (where that is the default) and _fista. "default_codes" says in which ending the numbers of
    /// the codes stand that the model gives by default. Below "quality" these codes are measured in the terms of sparse autoencoders, and below "dictionary" its atoms;
    /// docs/evaluation.md says what each number is.
    /// </summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["method"] = Experiment.Method,
            ["fidelity"] = ExperimentJson.Name(Experiment.Fidelity),
            ["seed"] = Experiment.Seed,
            ["step"] = Step,
            ["draws"] = Draws,
            ["validation_samples"] = Validation.Length / Preprocessing.Dimension,
            ["lambda"] = Experiment.Objective.Lambda,
            ["default_codes"] = Ending(DefaultCode.KindOf(Experiment))[1..],
        };
        foreach (var (kind, terms) in Objectives)
        {
            string ending = Ending(kind);
            json["objective" + ending] = terms.Value;
            json["objective_table1" + ending] = terms.ValueWithFrobenius;
            json["reconstruction" + ending] = terms.Reconstruction;
            json["l1" + ending] = terms.L1;
            json["active_fraction" + ending] = terms.ActiveFraction;
        }
        json["dictionary_squared_norm"] = this[CodeKind.AsTrained].SquaredFrobeniusNorm;
        json["quality"] = QualityJson();
        json["dictionary"] = DictionaryJson();
        return json;
    }

    private JsonObject QualityJson() => new()
    {
        ["explained_variance"] = Quality.ExplainedVariance,
        ["fvu"] = Quality.UnexplainedFraction,
        ["l0"] = Quality.L0,
        ["cosine"] = Quality.Cosine,
        ["l2_ratio"] = Quality.NormRatio,
        ["dead_features"] = Quality.Dead,
        ["dense_features"] = Quality.Dense,
        ["firing_rate_histogram"] = new JsonArray([.. Quality.Histogram.Select(count => (JsonNode)count)]),
    };

    private JsonObject DictionaryJson() => new()
    {
        ["least_norm"] = DictionaryQuality.LeastNorm,
        ["mean_norm"] = DictionaryQuality.MeanNorm,
        ["greatest_norm"] = DictionaryQuality.GreatestNorm,
        ["mean_nearest_cosine"] = DictionaryQuality.MeanNearestCosine,
        ["greatest_nearest_cosine"] = DictionaryQuality.GreatestNearestCosine,
    };

    /// <summary>Whether the run's method is an autoencoder.</summary>
    internal bool IsAutoencoder => MethodTable.Find(Experiment.Method)!.Gate is not null;

    /// <summary>Returns the share of the validation samples' variance that codes explain.</summary>
    /// <param name="terms">The codes' terms.</param>
    internal double ExplainedVariance(SparseCodingObjective terms) => Quality.Variance > 0 ? 1 - 2 * terms.Reconstruction / Quality.Variance : 0;

    /// <summary>Whether a kind has the codes of another by its definition, so that it is not worth a row of a table.</summary>
    /// <param name="kind">The kind.</param>
    internal bool IsRepeated(CodeKind kind) => Original(Experiment, Draws, kind) is not null;

    /// <summary>
    /// Returns the kind whose codes a kind repeats by its definition; null if it has its own. MAP inference has one kind of codes, a single draw is the code as trained with J = 1,
    /// an autoencoder's are all its encoder's, and the mode of a posterior whose codes have no exact zeros is its mean.
    /// </summary>
    private static CodeKind? Original(Experiment experiment, int draws, CodeKind kind)
    {
        var method = MethodTable.Find(experiment.Method)!;
        bool isMap = method.IsMapInference;
        return kind switch
        {
            CodeKind.AsTrained or CodeKind.SingleDraw or CodeKind.Mean or CodeKind.Mode when method.Gate is not null => CodeKind.Encoder,
            CodeKind.SingleDraw when isMap || draws == 1 => CodeKind.AsTrained,
            CodeKind.Mean or CodeKind.Mode when isMap => CodeKind.AsTrained,
            CodeKind.Mode when !RowPosterior.HasSparseCodes(experiment.Posterior) => CodeKind.Mean,
            _ => null,
        };
    }

    /// <summary>What the names of a kind's numbers end in.</summary>
    /// <param name="kind">The kind.</param>
    internal static string Ending(CodeKind kind) => kind switch
    {
        CodeKind.AsTrained => "",
        CodeKind.SingleDraw => "_j1",
        CodeKind.Mean => "_mean",
        CodeKind.Mode => "_mode",
        CodeKind.ZeroCode => "_zero_code",
        CodeKind.Map => "_map",
        CodeKind.Encoder => "_encoder",
        _ => "_fista",
    };
}
