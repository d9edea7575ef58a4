using System.Text.Json.Nodes;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Metrics;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>Measures a finished run by every metric of the paper's section 4.1.</summary>
internal static class RunMeasurement
{
    /// <summary>Bins of the histograms of Jaccard indices.</summary>
    public const int HistogramBins = 50;

    private const int BestOf = 20;
    private const double GaborResidualOfWavelets = 0.5, LeastCycles = 0.5;

    /// <summary>Measures the newest checkpoint of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="schedule">Name of its schedule, for the record.</param>
    /// <param name="variant">Name of its variant, for the record.</param>
    /// <param name="options">How thoroughly.</param>
    /// <param name="features">The network whose features of images and reconstructions are compared; null leaves the Frechet distances of a convolutional generator out.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, or it or the data cannot be read.</exception>
    public static RunResult Of(RunFolder folder, string schedule, string variant, MeasurementOptions options, IFeatureNetwork? features = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        using var run = LoadedRun.Open(folder);
        if (!run.Model.HasDictionary)
            return Result(run, schedule, variant, options, ImageMeasurement.Of(run, features, cancellationToken), new Dictionary<string, IReadOnlyList<int>>()) with { FeatureNetwork = features?.DistanceName };
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var histograms = new SortedDictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        MeasureCodes(run, metrics, cancellationToken);
        MeasureDictionary(run, metrics);
        if (MethodTable.Find(run.Experiment.Method)!.IsVariational)
        {
            MeasurePosterior(run, metrics, cancellationToken);
            MeasureConsistency(run, options.JaccardPasses, metrics, histograms, cancellationToken);
            var importance = ImportanceEvaluation.Of(run.Model, run.Data.Validation, Key(run, NoisePurpose.ImportanceWeighting), options.ImportanceSamples, cancellationToken);
            (metrics[MetricNames.IwaeBound], metrics[MetricNames.IwaeBoundLoss], metrics[MetricNames.IwaeSoftmaxLoss]) = (importance.Bound, importance.BoundLoss, importance.SoftmaxLoss);
            var signal = GradientSignal.Of(run.Model, run.Data.Validation, options.SignalBatches, options.SignalPasses, cancellationToken);
            (metrics[MetricNames.SignalNetwork], metrics[MetricNames.SignalDictionary], metrics[MetricNames.SignalBatches]) = (signal.Network.Mean, signal.Dictionary.Mean, signal.Batches);
            (metrics[MetricNames.SignalNetwork + MetricNames.Median], metrics[MetricNames.SignalDictionary + MetricNames.Median]) = (signal.Network.Median, signal.Dictionary.Median);
        }
        return Result(run, schedule, variant, options, metrics, histograms);
    }

    /// <summary>The record of a run that ended in NaN.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="schedule">Name of its schedule.</param>
    /// <param name="variant">Name of its variant.</param>
    /// <param name="options">How thoroughly it would have been measured.</param>
    /// <param name="divergence">What happened.</param>
    public static RunResult Diverged(RunFolder folder, string schedule, string variant, MeasurementOptions options, TrainingDivergedException divergence) => new()
    {
        Schedule = schedule,
        Variant = variant,
        Experiment = folder.Experiment,
        Step = folder.NewestCheckpoint is { } checkpoint ? Checkpoint.StepOf(checkpoint)!.Value : 0,
        Divergence = divergence.Message,
        Measurement = options,
        MeasuredWith = TrainingRun.Resolve(folder.Experiment).CreatedWith,
    };

    private static RunResult Result(LoadedRun run, string schedule, string variant, MeasurementOptions options, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, IReadOnlyList<int>> histograms) => new()
    {
        Schedule = schedule,
        Variant = variant,
        Experiment = run.Experiment,
        Step = run.Step,
        Measurement = options,
        MeasuredWith = TrainingRun.Resolve(run.Experiment).CreatedWith,
        // A number that cannot be had, as the ratio of no gradients, is left out: JSON has no word for it.
        Metrics = metrics.Where(pair => double.IsFinite(pair.Value)).ToDictionary(),
        Histograms = histograms,
    };

    private static NoiseKey Key(LoadedRun run, NoisePurpose purpose) => new(run.Experiment.Seed, purpose, 0);

    /// <summary>The objective and the multi-information of every kind of codes, with the best of 20 draws, and what the codes as trained say of collapse.</summary>
    private static void MeasureCodes(LoadedRun run, SortedDictionary<string, double> metrics, CancellationToken cancellationToken)
    {
        int atoms = run.Experiment.Generator.Atoms;
        var evaluation = RunEvaluation.Of(run, run.Experiment.Sampling.DrawsInEvaluation, (kind, codes) =>
        {
            if (kind is not (CodeKind.Mode or CodeKind.Map or CodeKind.Encoder)) Measure(RunEvaluation.Ending(kind), codes);
        }, cancellationToken);
        foreach (var (name, value) in evaluation.ToJson())
            if (value is JsonValue && value.AsValue().TryGetValue(out double number)) metrics[name] = number;

        if (MethodTable.Find(run.Experiment.Method)!.IsVariational && run.Experiment.Sampling.Selection == DrawSelection.Max)
        {
            float[] best = new CodeInference(run.Model, AnnealedWeights.Evaluation).Codes(CodeKind.AsTrained, run.Data.Validation, Key(run, NoisePurpose.Evaluation), BestOf, cancellationToken);
            Measure(MetricNames.BestOf20, best);
            var objective = CodeEvaluation.Objective(run.Model, run.Data.Validation, best);
            metrics[MetricNames.Objective + MetricNames.BestOf20] = objective.Value;
            metrics[MetricNames.ObjectiveTable1 + MetricNames.BestOf20] = objective.ValueWithFrobenius;
            metrics[MetricNames.L1 + MetricNames.BestOf20] = objective.L1;
            metrics[MetricNames.ActiveFraction + MetricNames.BestOf20] = objective.ActiveFraction;
        }

        void Measure(string ending, float[] codes)
        {
            var estimate = MultiInformation.Estimate<float>(codes, atoms);
            metrics[MetricNames.MultiInformation + ending] = estimate.MultiInformationBits;
            metrics[MetricNames.JointEntropySaturation + ending] = estimate.Saturation;
            if (ending.Length > 0) return;
            metrics[MetricNames.FeatureCollapse] = Collapse.Feature<float>(codes, atoms).Fraction;
            metrics[MetricNames.CopulaCodes] = GaussianCopula.Estimate<float>(codes, atoms).TotalCorrelationBits;
            metrics[MetricNames.CopulaMagnitudes] = GaussianCopula.Estimate<float>(Array.ConvertAll(codes, Math.Abs), atoms).TotalCorrelationBits;
        }
    }

    private static void MeasureDictionary(LoadedRun run, SortedDictionary<string, double> metrics)
    {
        int atoms = run.Experiment.Generator.Atoms;
        float[] dictionary = run.Model.Dictionary();
        bool[] used = JaccardConsistency.UsedFeatures<float>(dictionary, atoms);
        metrics[MetricNames.UsedAtoms] = used.Count(isUsed => isUsed);
        metrics[MetricNames.NearDuplicates] = DictionaryStatistics.NearDuplicates<float>(dictionary, atoms).Count(pair => used[pair.First] && used[pair.Second]);
        metrics[MetricNames.Coherence] = DictionaryStatistics.Coherence<float>(dictionary, atoms);
        metrics[MetricNames.MedianNorm] = Median(DictionaryStatistics.Norms<float>(dictionary, atoms));
        if (run.Model.Preprocessing.PatchSize is not { } side) return;
        // Atoms that the penalty has shrunk to nothing have learned nothing.
        GaborFit[] fits = [.. GaborFitting.Fit<float>(dictionary, atoms, side).Where((_, atom) => used[atom])];
        // An edge is half a cycle; with less in the patch it is a blob or a ramp.
        var wavelets = fits.Where(fit => fit.ResidualFraction < GaborResidualOfWavelets && fit.Function.Frequency * side >= LeastCycles).ToArray();
        metrics[MetricNames.GaborFraction] = (double)wavelets.Length / fits.Length;
        metrics[MetricNames.GaborResidual] = Median(fits.Select(fit => fit.ResidualFraction));
        metrics[MetricNames.GaborFrequency] = Median(wavelets.Select(fit => fit.Function.Frequency));
    }

    private static void MeasurePosterior(LoadedRun run, SortedDictionary<string, double> metrics, CancellationToken cancellationToken)
    {
        float[] divergences = new CodeInference(run.Model, AnnealedWeights.Evaluation).Divergences(run.Data.Validation, cancellationToken);
        metrics[MetricNames.PosteriorCollapse] = Collapse.Posterior<float>(divergences, run.Experiment.Generator.Atoms).Fraction;
    }

    private static void MeasureConsistency(LoadedRun run, int passes, SortedDictionary<string, double> metrics, SortedDictionary<string, IReadOnlyList<int>> histograms, CancellationToken cancellationToken)
    {
        int atoms = run.Experiment.Generator.Atoms, draws = run.Experiment.Sampling.DrawsInEvaluation;
        bool[] used = JaccardConsistency.UsedFeatures<float>(run.Model.Dictionary(), atoms);
        var inference = new CodeInference(run.Model, AnnealedWeights.Evaluation);
        Measure(MetricNames.Jaccard, 1);
        if (draws > 1) Measure(MetricNames.JaccardAsTrained, draws);
        // A single draw is the code as trained.
        else (metrics[MetricNames.JaccardAsTrained], histograms[MetricNames.JaccardAsTrained]) = (metrics[MetricNames.Jaccard], histograms[MetricNames.Jaccard]);

        void Measure(string name, int ofDraws)
        {
            var indices = new List<double>();
            inference.Passes(run.Data.Validation, Key(run, NoisePurpose.RepeatedPasses), ofDraws, passes,
                (_, codes) => indices.AddRange(JaccardConsistency.PerInput(codes, passes, used)), cancellationToken);
            int[] counts = new int[HistogramBins];
            foreach (double index in indices) counts[Math.Min(HistogramBins - 1, (int)(index * HistogramBins))]++;
            (metrics[name], histograms[name]) = (indices.Average(), counts);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
