using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Reproduction.Metrics;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>The metrics of the paper's section 4.2, of a run with a convolutional generator. Every method is evaluated with the best of 20 draws, as published, and with one.</summary>
internal static class ImageMeasurement
{
    private const int BestOf = 20, Edges = 30, ComparedImages = 5000, BlockRows = 500;

    /// <summary>Measures an opened run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="features">The network whose features are compared; null leaves the Frechet distances out.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static SortedDictionary<string, double> Of(LoadedRun run, IFeatureNetwork? features, CancellationToken cancellationToken)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        int atoms = run.Experiment.Generator.Atoms;
        var evaluation = ImageEvaluation.Of(run, BestOf, (kind, codes) =>
        {
            if (kind is CodeKind.AsTrained or CodeKind.SingleDraw) MeasureCodes(kind == CodeKind.AsTrained ? BestOf20 : SingleDraw, codes);
        }, cancellationToken);
        foreach (var result in evaluation.Results)
        {
            string ending = result.Kind == CodeKind.AsTrained ? BestOf20 : RunEvaluation.Ending(result.Kind);
            (metrics[SquaredError + ending], metrics[L1 + ending], metrics[ActiveFraction + ending]) = (result.SquaredError, result.L1, result.ActiveFraction);
        }
        metrics[SquaredError + MeanImage] = evaluation.MeanImageError;
        MeasurePosterior(run, metrics, cancellationToken);
        if (run.Data.Labels is { } labels) MeasureCorrelation(labels, evaluation.Codes, atoms, metrics);
        if (features is not null) MeasureDistance(run, evaluation.Codes, features, metrics);
        return metrics;

        void MeasureCodes(string ending, float[] codes)
        {
            var estimate = VariationalSparseCoding.Metrics.MultiInformation.Estimate<float>(codes, atoms, Edges);
            (metrics[MetricNames.MultiInformation + ending], metrics[JointEntropySaturation + ending]) = (estimate.MultiInformationBits, estimate.Saturation);
            metrics[FeatureCollapse + ending] = Collapse.Feature<float>(codes, atoms).Fraction;
            // A covariance of more features than samples says nothing.
            if (codes.Length / atoms > atoms) metrics[CopulaCodes + ending] = GaussianCopula.Estimate<float>(codes, atoms).TotalCorrelationBits;
        }
    }

    private static void MeasurePosterior(LoadedRun run, SortedDictionary<string, double> metrics, CancellationToken cancellationToken)
    {
        float[] divergences = new CodeInference(run.Model, AnnealedWeights.Evaluation).Divergences(run.Data.Validation, cancellationToken);
        metrics[PosteriorCollapse] = Collapse.Posterior<float>(divergences, run.Experiment.Generator.Atoms).Fraction;
        metrics[Divergence] = divergences.Sum(value => (double)value) / run.Data.Validation.Count;
    }

    /// <summary>For each attribute the largest |rho| over features.</summary>
    private static void MeasureCorrelation(SampleLabels labels, float[] codes, int atoms, SortedDictionary<string, double> metrics)
    {
        bool[] marks = Array.ConvertAll(labels.Validation.ToArray(), mark => mark != 0);
        double[] correlations = PointBiserialCorrelation.Compute<float>(codes, atoms, marks, labels.Names.Count);
        for (int label = 0; label < labels.Names.Count; label++)
            metrics[LargestCorrelation + labels.Names[label]] = Enumerable.Range(0, atoms).Max(feature => Math.Abs(correlations[feature * labels.Names.Count + label]));
        metrics[LargestCorrelation + MeanOverLabels] = labels.Names.Average(name => metrics[LargestCorrelation + name]);
    }

    private static void MeasureDistance(LoadedRun run, float[] codes, IFeatureNetwork features, SortedDictionary<string, double> metrics)
    {
        var (model, validation) = (run.Model, run.Data.Validation);
        var shape = run.Data.Preprocessing.ImageShape!.Value;
        int atoms = run.Experiment.Generator.Atoms, count = Math.Min(ComparedImages, validation.Count);
        var original = new List<float>(count * features.Features);
        var reconstructed = new List<float>(count * features.Features);
        for (int first = 0; first < count; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, count - first);
            float[] images = validation.Rows(first, rows);
            original.AddRange(features.Extract(images, shape));
            CodeDecoding.Decode(model, codes.AsSpan(first * atoms, rows * atoms), images);
            reconstructed.AddRange(features.Extract(images, shape));
        }
        float[] one = [.. original], other = [.. reconstructed];
        metrics[Frechet] = FrechetDistance.Squared<float>(one, other, features.Features);
        metrics[TransposedFrechet] = FrechetDistance.TransposedSquared<float>(one, other, features.Features);
    }
}
