using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Objectives;

namespace VariationalSparseCoding.Inference;

/// <summary>The sparse-coding objective of codes (docs/mathematics.md section 6.1).</summary>
internal static class CodeEvaluation
{
    private const int BlockRows = 4000, DecodedRows = 500;

    /// <summary>The terms of the objective, means over the samples.</summary>
    /// <param name="model">The model whose dictionary decodes.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="codes">[N, d].</param>
    public static SparseCodingObjective Objective(SparseCodingModel model, ISampleSet samples, float[] codes)
    {
        int atoms = model.Experiment.Generator.Atoms;
        float[] dictionary = model.Dictionary();
        SparseCodingObjective? sum = null;
        for (int first = 0; first < samples.Count; first += BlockRows)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(BlockRows, samples.Count - first))];
            float[] block = new float[rows.Length * samples.Dimension];
            samples.CopyRows(rows, block);
            var part = SparseCodingObjective.Compute(model.WithoutOffset(block), samples.Dimension, dictionary, codes.AsSpan(first * atoms, rows.Length * atoms), atoms, model.Experiment.Objective.Lambda);
            double share = (double)rows.Length / samples.Count;
            sum = part with
            {
                Reconstruction = (sum?.Reconstruction ?? 0) + share * part.Reconstruction,
                L1 = (sum?.L1 ?? 0) + share * part.L1,
                ActiveFraction = (sum?.ActiveFraction ?? 0) + share * part.ActiveFraction,
            };
        }
        return sum!;
    }

    /// <summary>
    /// What a validation reports of codes: the sparse-coding objective and its terms; for a convolutional generator the squared error, a mean over pixels, ||z||_1 and the active fraction.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="codes">[N, d].</param>
    public static LossTerms Terms(SparseCodingModel model, ISampleSet samples, float[] codes)
    {
        var names = TermNames(model.Experiment);
        if (model.HasDictionary)
        {
            var objective = Objective(model, samples, codes);
            double[] terms = [objective.Value, objective.Reconstruction, objective.L1, objective.ActiveFraction];
            return new(names, IsAutoencoder(model.Experiment) ? [.. terms, .. Usage(model, samples, codes, objective)] : terms);
        }
        double l1 = 0, active = 0;
        foreach (float value in codes)
        {
            l1 += Math.Abs(value);
            active += value == 0 ? 0 : 1;
        }
        return new(names, [SquaredError(model, samples, codes), l1 / samples.Count, active / codes.Length]);
    }

    /// <summary>The names of <see cref="Terms"/>.</summary>
    /// <param name="experiment">The model's experiment.</param>
    public static IReadOnlyList<string> TermNames(Experiment experiment) => experiment.Generator.Kind == GeneratorKind.Linear
        ? ["objective", "reconstruction", "l1", "active_fraction", .. IsAutoencoder(experiment) ? ["explained_variance", "active", "dead"] : (ReadOnlySpan<string>)[]]
        : ["squared_error", "l1", "active_fraction"];

    /// <summary>The variance that codes explain, the mean number of active features, and the number of features that no sample has.</summary>
    private static double[] Usage(SparseCodingModel model, ISampleSet samples, float[] codes, SparseCodingObjective objective)
    {
        double variance = Variance(samples) * samples.Dimension;
        return [variance > 0 ? 1 - 2 * objective.Reconstruction / variance : 0, objective.ActiveFraction * model.Atoms, CodeQuality.Rates(codes, model.Atoms).Count(rate => rate == 0)];
    }

    private static bool IsAutoencoder(Experiment experiment) => MethodTable.Find(experiment.Method)!.Gate is not null;

    /// <summary>The mean over values of their variance over samples: the <see cref="SquaredError"/> of the samples' mean.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    public static double Variance(ISampleSet samples)
    {
        var moments = new RunningMoments(samples.Dimension);
        for (int first = 0; first < samples.Count; first += BlockRows) moments.AddRows(samples.Rows(first, Math.Min(BlockRows, samples.Count - first)));
        return moments.SquaredDistance / samples.Count / samples.Dimension;
    }

    /// <summary>The mean over samples and their values of the squared error of what codes stand for.</summary>
    /// <param name="model">The model that decodes.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="codes">z, [N, d].</param>
    public static double SquaredError(SparseCodingModel model, ISampleSet samples, float[] codes)
    {
        double sum = 0;
        float[] decoded = new float[DecodedRows * model.Dimension];
        for (int first = 0; first < samples.Count; first += DecodedRows)
        {
            int rows = Math.Min(DecodedRows, samples.Count - first);
            float[] originals = samples.Rows(first, rows);
            model.Decode(codes.AsSpan(first * model.Atoms, rows * model.Atoms), decoded.AsSpan(0, originals.Length));
            for (int i = 0; i < originals.Length; i++) sum += (double)(originals[i] - decoded[i]) * (originals[i] - decoded[i]);
        }
        return sum / samples.Count / model.Dimension;
    }
}
