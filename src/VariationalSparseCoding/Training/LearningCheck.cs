using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Training;

/// <summary>Says so where a training has learned nothing.</summary>
internal static class LearningCheck
{
    // Means take one pass, and solutions many.
    private const int MostSamples = 1000, MostSolved = 100;
    private const double LeastExplained = 0.02;

    /// <summary>Compares samples with what their default codes stand for.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="samples">Preprocessed samples; the first are taken.</param>
    /// <param name="cancellationToken">Stops the encoding.</param>
    /// <returns>One line if the codes explain less than 2% of the variance; null if they explain more, or there is none.</returns>
    public static string? Note(SparseCodingModel model, ISampleSet samples, CancellationToken cancellationToken = default)
    {
        // Whole images are judged by their reconstructions, which a report shows.
        if (!model.HasDictionary || samples.Count == 0) return null;
        float[] x = samples.Rows(0, Math.Min(DefaultCode.KindOf(model.Experiment) == CodeKind.Mean ? MostSamples : MostSolved, samples.Count)), codes = new float[x.Length / model.Dimension * model.Atoms], decoded = new float[x.Length];
        using var set = new MemorySet(x, Preprocessing.OfVectors(model.Dimension));
        new CodeInference(model, AnnealedWeights.Evaluation).Stream(new(), set, (firstRow, block) => block.CopyTo(codes.AsSpan(firstRow * model.Atoms)), cancellationToken);
        model.Decode(codes, decoded);
        double error = 0, variance = Variance(x, model);
        for (int i = 0; i < x.Length; i++) error += Math.Pow((double)x[i] - decoded[i], 2);
        double explained = 1 - error / variance;
        return variance == 0 || explained >= LeastExplained ? null : FormattableString.Invariant(
            $"almost nothing was learned: the codes explain {100 * explained:F1}% of the variance of {set.Count} samples; a smaller {(model.HasNetwork ? "KL weight" : "lambda")}, more epochs or another method may learn more");
    }

    // Standardised samples have the mean 0 over all data.
    private static double Variance(float[] x, SparseCodingModel model)
    {
        if (model.Preprocessing.IsStandardised) return x.Sum(value => (double)value * value);
        var moments = new RunningMoments(model.Dimension);
        moments.AddRows(x);
        return moments.SquaredDistance;
    }
}
