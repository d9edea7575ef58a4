using VariationalSparseCoding.Data;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>The sparse-coding objective of codes (SPEC section 6.1).</summary>
internal static class CodeEvaluation
{
    private const int BlockRows = 4000;

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

    /// <summary>The dictionary as an array, [D, d].</summary>
    /// <param name="model">The model.</param>
    public static float[] Dictionary(SparseCodingModel model)
    {
        using var dictionary = model.Generator.Dictionary.to(ScalarType.Float32, CPU, copy: true);
        return dictionary.Span<float>().ToArray();
    }
}
