using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>One training on rows of a matrix.</summary>
/// <param name="Variant">The method, with settings that differ from its own: "gaussian-gate sparsity.gateNoise=1".</param>
/// <param name="Active">The active features that were asked for.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Seed">Seed of the training.</param>
internal sealed record ActivationRun(string Variant, int Active, double Rate, ulong Seed)
{
    /// <summary>The method.</summary>
    public string Method => Variant.Split(' ')[0];

    /// <summary>The settings that differ from the method's.</summary>
    public IEnumerable<(string Key, string Value)> Settings => Variant.Split(' ').Skip(1).Select(setting => (setting.Split('=')[0], setting.Split('=', 2)[^1]));

    /// <summary>The name of the run's files.</summary>
    public string Name => FormattableString.Invariant($"{Variant.Replace(' ', '_')}-{Active}-{Rate:0.#####}-{Seed}");
}

/// <summary>What a training explains of rows that it has not seen.</summary>
/// <param name="Run">The training.</param>
/// <param name="Validation">Explained variance of the validation rows, by codes cut to at most k active features.</param>
/// <param name="ExplainedVariance">Explained variance of the test rows by the model's own codes.</param>
/// <param name="Active">Their mean number of active features.</param>
/// <param name="Cut">Explained variance of the test rows by codes of which only the k largest features are kept.</param>
/// <param name="Dead">Features that are active in no test row, of all, in [0, 1].</param>
/// <param name="Seconds">Seconds of training on one thread.</param>
internal sealed record ActivationResult(ActivationRun Run, double Validation, double ExplainedVariance, double Active, double Cut, double Dead, double Seconds);

/// <summary>
/// Trains methods at several numbers of active features on rows of a matrix, such as activations of a network. Each method's learning rate is the one of those tried that explains most of
/// the validation rows, with the first seed and the first number of active features.
/// </summary>
/// <param name="root">The folder of the results and models, a file of each for each training; what is there is not made again.</param>
/// <param name="source">The matrix or store.</param>
/// <param name="atoms">d.</param>
/// <param name="epochs">Passes over the training rows.</param>
/// <param name="batchSize">B.</param>
internal sealed class ActivationBenchmark(string root, string source, int atoms, int epochs, int batchSize)
{
    // A tenth of the rows at most, half for validation and half for the test.
    private const int MostHeldOut = 20_000;

    private float[] train = [], validation = [], test = [];
    private int dimension;

    /// <summary>How many rows are trained on.</summary>
    public int TrainRows => train.Length / dimension;

    /// <summary>D.</summary>
    public int Dimension => dimension;

    /// <summary>Reads the rows.</summary>
    public void Read()
    {
        var options = new DataOptions { Source = source, Normalisation = Normalisation.None };
        var count = DataSets.Count(options);
        int heldOut = (int)Math.Min(MostHeldOut, count.Total / 10) / 2 * 2;
        using var split = DataSets.Open(options with { TrainSamples = (int)(count.Total - heldOut), ValidationSamples = heldOut }, seed: 0);
        dimension = split.Train.Dimension;
        train = split.Train.Rows(0, split.Train.Count);
        float[] others = split.Validation.Rows(0, heldOut);
        (validation, test) = (others[..(heldOut / 2 * dimension)], others[(heldOut / 2 * dimension)..]);
    }

    /// <summary>Makes what is missing, two trainings at a time.</summary>
    /// <param name="variants">Autoencoders, each with settings of its own.</param>
    /// <param name="active">Numbers of active features.</param>
    /// <param name="rates">Learning rates to choose from.</param>
    /// <param name="seeds">Seeds.</param>
    /// <param name="made">Is told of each result.</param>
    /// <param name="cancellationToken">Stops after the current steps.</param>
    /// <returns>The results at each method's best rate, by number, method and seed.</returns>
    public IReadOnlyList<ActivationResult> Complete(
        IReadOnlyList<string> variants, IReadOnlyList<int> active, IReadOnlyList<double> rates, IReadOnlyList<ulong> seeds, Action<ActivationResult> made, CancellationToken cancellationToken)
    {
        var tried = Make([.. from variant in variants from rate in rates select new ActivationRun(variant, active[0], rate, seeds[0])], made, cancellationToken);
        var best = tried.GroupBy(result => result.Run.Variant).ToDictionary(group => group.Key, group => group.MaxBy(result => result.Validation)!.Run.Rate);
        return Make([.. from number in active from variant in variants from seed in seeds select new ActivationRun(variant, number, best[variant], seed)], made, cancellationToken);
    }

    /// <summary>Mean |cosine| of each seed's atoms with those of the next one that they are matched with.</summary>
    /// <param name="runs">Trainings that differ in their seed, at least two.</param>
    public double Agreement(IReadOnlyList<ActivationRun> runs)
    {
        float[][] atomsOf = [.. runs.Select(run =>
        {
            using var coder = SparseCoder.Load(ModelOf(run));
            return Matrices.Values(coder.Dictionary).ToArray();
        })];
        return Enumerable.Range(0, runs.Count - 1).Average(i => DictionaryRecovery.Match<float>(atomsOf[i], atoms, atomsOf[i + 1], atoms).MeanAbsoluteCosine);
    }

    private ActivationResult[] Make(ActivationRun[] runs, Action<ActivationResult> made, CancellationToken cancellationToken)
    {
        var results = new ActivationResult[runs.Length];
        Lock telling = new();
        Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
        {
            string path = Path.Combine(root, runs[i].Name + ".json");
            if (File.Exists(path))
            {
                results[i] = ActivationResultFile.Read(path);
                return;
            }
            results[i] = Run(runs[i], cancellationToken);
            ActivationResultFile.Write(path, results[i]);
            lock (telling) made(results[i]);
        });
        return results;
    }

    private string ModelOf(ActivationRun run) => Path.Combine(root, run.Name + ".safetensors");

    private ActivationResult Run(ActivationRun run, CancellationToken cancellationToken)
    {
        using var coder = new SparseCoder(new()
        {
            Method = run.Method,
            Atoms = atoms,
            Epochs = epochs,
            BatchSize = batchSize,
            Active = run.Active,
            Seed = run.Seed,
            Threads = 1,
            Normalisation = Normalisation.Global,
            Configure = experiment => WithSettings(experiment with { Schedule = experiment.Schedule with { LearningRate = run.Rate } }, run.Settings),
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        coder.Fit(train, dimension, cancellationToken: cancellationToken);
        double seconds = clock.Elapsed.TotalSeconds;
        coder.Save(ModelOf(run));
        var cut = new EncodeOptions { Active = run.Active };
        var own = coder.Evaluate(test, cancellationToken: cancellationToken);
        return new(run, coder.Evaluate(validation, cut, cancellationToken).ExplainedVariance, own.ExplainedVariance, own.L0, coder.Evaluate(test, cut, cancellationToken).ExplainedVariance, own.Dead / (double)atoms, seconds);
    }

    private static Experiment WithSettings(Experiment experiment, IEnumerable<(string Key, string Value)> settings)
    {
        var described = ExperimentJson.ToJson(experiment);
        foreach (var (key, value) in settings)
            ExperimentJson.Set(described, key, double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : bool.TryParse(value, out bool flag) ? flag : value);
        return ExperimentJson.Resolve("--methods", described);
    }
}
