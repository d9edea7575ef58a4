using VariationalSparseCoding.Data;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>The sparse-coding objective of codes (SPEC section 6.1).</summary>
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
        float[] dictionary = Dictionary(model);
        SparseCodingObjective? sum = null;
        for (int first = 0; first < samples.Count; first += BlockRows)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(BlockRows, samples.Count - first))];
            float[] block = new float[rows.Length * samples.Dimension];
            samples.CopyRows(rows, block);
            var part = SparseCodingObjective.Compute<float>(block, samples.Dimension, dictionary, codes.AsSpan(first * atoms, rows.Length * atoms), atoms, model.Experiment.Objective.Lambda);
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
    public static Terms Terms(SparseCodingModel model, ISampleSet samples, float[] codes)
    {
        var names = MetricsTable.ValidationTerms(model.Experiment);
        if (model.Generator is LinearGenerator)
        {
            var objective = Objective(model, samples, codes);
            return new(names, [objective.Value, objective.Reconstruction, objective.L1, objective.ActiveFraction]);
        }
        double l1 = 0, active = 0;
        foreach (float value in codes)
        {
            l1 += Math.Abs(value);
            active += value == 0 ? 0 : 1;
        }
        return new(names, [SquaredError(model, samples, codes), l1 / samples.Count, active / codes.Length]);
    }

    /// <summary>(1/D)||x - xhat||^2, the mean over samples of the mean over pixels.</summary>
    /// <param name="model">The model whose generator decodes.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="codes">[N, d].</param>
    public static double SquaredError(SparseCodingModel model, ISampleSet samples, float[] codes)
    {
        int atoms = model.Experiment.Generator.Atoms;
        double sum = 0;
        using var _ = no_grad();
        for (int first = 0; first < samples.Count; first += DecodedRows)
        {
            using var scope = NewDisposeScope();
            int rows = Math.Min(DecodedRows, samples.Count - first);
            var block = tensor(codes.AsMemory(first * atoms, rows * atoms), [rows, 1, atoms]).to(model.Device);
            sum += model.Generator.SquaredErrors(samples.Batch(first, rows, model.Device), block).sum(ScalarType.Float64).item<double>();
        }
        return sum / samples.Count;
    }

    /// <summary>The dictionary as an array, [D, d].</summary>
    /// <param name="model">The model.</param>
    public static float[] Dictionary(SparseCodingModel model)
    {
        using var dictionary = model.Linear.Dictionary.to(ScalarType.Float32, CPU, copy: true);
        return dictionary.Span<float>().ToArray();
    }
}
