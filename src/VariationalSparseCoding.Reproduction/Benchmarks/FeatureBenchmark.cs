using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>One training on samples whose features are known.</summary>
/// <param name="Method">The method.</param>
/// <param name="Active">The active features that were asked for; 0 where the method is not asked.</param>
/// <param name="Seed">Seed of the data and of the training.</param>
internal sealed record FeatureRun(string Method, int Active, ulong Seed);

/// <summary>What a training found of the features, by the model's default codes of samples that it has not seen.</summary>
/// <param name="Run">The training.</param>
/// <param name="Cosine">Mean |cosine| of known features with the learned ones they are matched with, over as many as there are of the fewer, in [0, 1].</param>
/// <param name="Recovery">How well learned features stand for known ones.</param>
/// <param name="ExplainedVariance">1 - ||x - x^||^2 / ||x - mean||^2, summed over the samples.</param>
/// <param name="Active">Mean number of active features.</param>
/// <param name="Dead">Learned features that are never active, of all, in [0, 1].</param>
/// <param name="CalibrationError">Expected calibration error of P(active) over 1% of the learned features, against the activity of the known ones they are matched with; NaN of methods without a posterior.</param>
internal sealed record FeatureResult(FeatureRun Run, double Cosine, FeatureRecovery Recovery, double ExplainedVariance, double Active, double Dead, double CalibrationError)
{
    /// <summary>The columns of tables, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["MCC", "F1", "precision", "recall", "uniqueness", "EV", "active", "dead", "shrinkage", "ECE"];

    /// <summary>The numbers of <see cref="Columns"/>.</summary>
    public IReadOnlyList<double> Values => [Cosine, Recovery.F1, Recovery.Precision, Recovery.Recall, Recovery.Uniqueness, ExplainedVariance, Active, Dead, Recovery.Shrinkage, CalibrationError];
}

/// <summary>Trains methods on <see cref="FeatureTruth"/> with default settings, and measures how many features they find.</summary>
/// <param name="options">How samples are made; the seed of a run is added.</param>
/// <param name="trainSamples">Samples of an epoch.</param>
/// <param name="epochs">Epochs.</param>
/// <param name="atoms">Atoms that are learned.</param>
internal sealed class FeatureBenchmark(FeatureOptions options, int trainSamples, int epochs, int atoms)
{
    private const int TestSamples = 4000;

    // Nearly all features are surely inactive in nearly all samples; that says little of the others.
    private const double LeastProbability = 0.01;

    /// <summary>The runs of methods: each number of active features where a method is asked for it, one run where it is not.</summary>
    /// <param name="methods">Names of <see cref="MethodTable"/>.</param>
    /// <param name="active">Numbers of active features.</param>
    /// <param name="seeds">Seeds.</param>
    public static IReadOnlyList<FeatureRun> Plan(IReadOnlyList<string> methods, IReadOnlyList<int> active, IReadOnlyList<ulong> seeds) =>
        [.. from method in methods
            from number in MethodTable.Find(method)!.Gate is null ? [0] : active
            from seed in seeds
            select new FeatureRun(method, number, seed)];

    /// <summary>Does runs side by side, one thread each, and hands out results in the order of the runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="report">Is told of each result.</param>
    /// <param name="cancellationToken">Stops after the current steps.</param>
    public IReadOnlyList<FeatureResult> Complete(IReadOnlyList<FeatureRun> runs, Action<FeatureResult> report, CancellationToken cancellationToken)
    {
        var results = new FeatureResult?[runs.Count];
        int reported = 0;
        Lock reporting = new();
        Parallel.For(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
        {
            var result = Run(runs[i], cancellationToken);
            lock (reporting)
            {
                results[i] = result;
                for (; reported < runs.Count && results[reported] is { } next; reported++) report(next);
            }
        });
        return [.. results!];
    }

    /// <summary>Trains once and measures.</summary>
    /// <param name="run">The training.</param>
    /// <param name="cancellationToken">Stops after the current step.</param>
    public FeatureResult Run(FeatureRun run, CancellationToken cancellationToken)
    {
        var truth = new FeatureTruth(options, run.Seed);
        using var coder = new SparseCoder(new()
        {
            Method = run.Method,
            Atoms = atoms,
            Epochs = epochs,
            Seed = run.Seed,
            Threads = 1,
            Normalisation = Normalisation.Global,
            Configure = experiment => run.Active == 0 ? experiment : experiment with { Sparsity = experiment.Sparsity with { Active = run.Active } },
        });
        coder.Fit(truth.Rows(0, trainSamples).Samples, options.Dimension, cancellationToken: cancellationToken);
        var (samples, known) = truth.Rows(trainSamples, TestSamples);
        float[] codes = coder.Encode(samples, cancellationToken: cancellationToken), learned = Matrices.Values(coder.Dictionary).ToArray(), dictionary = truth.Dictionary();
        var match = DictionaryRecovery.Match<float>(learned, atoms, dictionary, options.Features);
        var quality = CodeQuality.Of(samples, coder.Decode(codes), options.Dimension, codes, atoms);
        float[] activity = Dense(known);
        double error = MethodTable.Find(run.Method)!.HasPosteriorGate ? CalibrationOf(match, coder.ActiveProbabilities(samples, cancellationToken), activity).ExpectedError : double.NaN;
        double cosine = match.MeanAbsoluteCosine * options.Features / Math.Min(atoms, options.Features);
        return new(run, cosine, FeatureRecovery.Of(match, learned, codes, dictionary, activity), quality.ExplainedVariance, quality.L0, quality.Dead / (double)atoms, error);
    }

    private Calibration CalibrationOf(DictionaryMatch match, float[] probabilities, float[] known)
    {
        var calibration = new Calibration();
        int features = options.Features;
        for (int row = 0; row < known.Length / features; row++)
        {
            for (int feature = 0; feature < features; feature++)
            {
                int learned = match.LearnedAtoms[feature];
                if (learned >= 0 && probabilities[row * atoms + learned] >= LeastProbability) calibration.Add(probabilities[row * atoms + learned], known[row * features + feature] != 0);
            }
        }
        return calibration;
    }

    private static float[] Dense(CsrMatrix codes)
    {
        float[] dense = new float[codes.Rows * codes.Columns];
        for (int row = 0; row < codes.Rows; row++) codes.CopyRow(row, dense.AsSpan(row * codes.Columns, codes.Columns));
        return dense;
    }
}
