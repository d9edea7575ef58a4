using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>Data whose dictionary and codes are known, for measuring what a method recovers of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">How it is generated; the last sixth of the samples is for testing.</param>
internal sealed record SyntheticSet(string Name, SyntheticOptions Options)
{
    /// <summary>D = 64, 32 atoms, 3 active with amplitudes of at least 1, noise 20 dB below.</summary>
    public static SyntheticSet Easy { get; } = new("easy", new() { Samples = 12_000 });

    /// <summary>Overcomplete and noisy, with values near zero: D = 64, 96 atoms, 6 active with standard normal values, noise 10 dB below.</summary>
    public static SyntheticSet Hard { get; } = new("hard", new() { Samples = 12_000, Atoms = 96, Support = 6, Distribution = CodeDistribution.Gaussian, SignalToNoise = 10 });

    /// <summary>All sets.</summary>
    public static IReadOnlyList<SyntheticSet> All { get; } = [Easy, Hard];

    internal double Activity => (double)Options.Support / Options.Atoms;
}

/// <summary>What a method recovered.</summary>
/// <param name="Method">The method.</param>
/// <param name="Set">The set.</param>
/// <param name="Dictionary">Learned atoms matched with the known ones.</param>
/// <param name="Support">Supports of the test samples' best-of-J codes beside the known ones.</param>
internal sealed record SyntheticResult(string Method, string Set, DictionaryMatch Dictionary, SupportRecovery Support);

/// <summary>
/// Trains methods on known data, each with settings that follow from how the data were made, so that a comparison is of methods and not of luck with settings.
/// Samples are scaled to unit power per value, by c, and initial atoms have the norm c, so that codes keep the known ones' scale. Priors have the known
/// activity p and second moment m of active values: fixed thresholds b0 log(1/p) with 2 b0^2 = m (Laplacian) and s0 Phi^-1(1 - p/2) with s0^2 = m (Gaussian),
/// spikes p with slab variance m; priors without threshold have the variance p m. The KL weight stands for the paper's observation noise, about the samples'
/// power: a tenth of it or less lets the shifts of inactive features run away under the straight-through estimator, and training diverges. For the same reason
/// the learning rate is half the paper's and the dictionary's step a fifth of it: codes are ten times as large as the paper's.
/// MAP inference shrinks by a tenth of sqrt(m): lambda = c^2 sqrt(m)/10, with the penalty kappa for which atoms of norm c are in balance with it.
/// </summary>
internal static class SyntheticBenchmark
{
    private const double Shrinkage = 0.1, ObservationNoise = 1.28, LearningRate = 0.005, DictionaryStep = 0.1;
    private const int TestShare = 6;

    /// <summary>Trains a method on a set and measures what it recovered.</summary>
    /// <param name="method">A name of <see cref="MethodTable"/>.</param>
    /// <param name="set">The set.</param>
    /// <param name="seed">Seed of the data and of the training.</param>
    /// <param name="epochs">Passes over the training samples.</param>
    /// <param name="threads">Threads; one is enough for matrices of this size, 0 takes one per core.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="InvalidInputException">There is no such method.</exception>
    public static SyntheticResult Run(string method, SyntheticSet set, ulong seed = 0, int epochs = 100, int threads = 1, CancellationToken cancellationToken = default)
    {
        var options = set.Options;
        var (coder, data, test) = Trained(method, set, seed, epochs, threads, cancellationToken);
        using var _ = coder;
        int testCodes = options.Samples / TestShare * options.Atoms;
        float[] codes = coder.Encode(test, new() { Kind = CodeKind.AsTrained }, cancellationToken);
        var match = DictionaryRecovery.Match(Matrices.Values(coder.Dictionary), options.Atoms, data.Dictionary.AsSpan(), options.Atoms);
        return new(method, set.Name, match, DictionaryRecovery.Support<float>(match, codes, options.Atoms, data.Codes.AsSpan(^testCodes..)));
    }

    /// <summary>Trains a method on a set and measures the codes that may be its default.</summary>
    /// <inheritdoc cref="Run"/>
    public static IReadOnlyList<MeasuredDefault> Defaults(string method, SyntheticSet set, ulong seed = 0, int epochs = 100, int threads = 1, CancellationToken cancellationToken = default)
    {
        var (coder, _, test) = Trained(method, set, seed, epochs, threads, cancellationToken);
        using (coder) return DefaultCodeBenchmark.Measure(coder.Model, test, cancellationToken);
    }

    private static (SparseCoder Coder, SyntheticData Data, float[] Test) Trained(string method, SyntheticSet set, ulong seed, int epochs, int threads, CancellationToken cancellationToken)
    {
        var options = set.Options;
        var data = SyntheticData.Generate(options, seed);
        double scale = 1 / Math.Sqrt(data.Samples.Average(value => (double)value * value));
        float[] samples = Array.ConvertAll(data.Samples, value => (float)(scale * value));
        int test = options.Samples / TestShare * options.Dimension;
        var coder = new SparseCoder(Settings(method, set, data, scale, seed, epochs, threads));
        try
        {
            coder.Fit(samples.AsMemory(..^test), options.Dimension, cancellationToken: cancellationToken);
            return (coder, data, samples[^test..]);
        }
        catch
        {
            coder.Dispose();
            throw;
        }
    }

    private static SparseCoderOptions Settings(string method, SyntheticSet set, SyntheticData data, double scale, ulong seed, int epochs, int threads)
    {
        double[] active = [.. data.Codes.Where(code => code != 0).Select(code => (double)code)];
        double moment = active.Average(code => code * code);
        double shrinkage = Shrinkage * Math.Sqrt(moment), size = set.Activity * active.Average(code => Math.Max(0, Math.Abs(code) - shrinkage));
        return new()
        {
            Method = method,
            Atoms = set.Options.Atoms,
            Epochs = epochs,
            Seed = seed,
            Threads = threads,
            Normalisation = Normalisation.None,
            Lambda = shrinkage * scale * scale,
            KlWeight = 2 * ObservationNoise / set.Options.Dimension,
            // The mean number of active features is known; what else an autoencoder needs, it finds.
            Active = MethodTable.Find(method)!.Gate is null ? null : (int)Math.Max(1, Math.Round(set.Activity * set.Options.Atoms)),
            Configure = experiment => MethodTable.Find(method)!.Gate is not null ? experiment : MethodTable.Find(method)!.IsMapInference
                ? experiment with
                {
                    Generator = experiment.Generator with { InitialNorm = scale },
                    Objective = experiment.Objective with { DictionaryPenalty = shrinkage * size / 2 },
                }
                : experiment with
                {
                    Generator = experiment.Generator with { InitialNorm = scale },
                    Posterior = Prior(experiment.Posterior, moment, set.Activity),
                    Schedule = experiment.Schedule with { LearningRate = LearningRate, DictionaryStep = DictionaryStep },
                },
        };
    }

    private static PosteriorOptions Prior(PosteriorOptions options, double moment, double activity)
    {
        var family = options.Family;
        double variance = !family.HasSpikes && options.Threshold == ThresholdKind.None ? activity * moment : moment;
        var scaled = options with
        {
            PriorSpread = family.SpreadOf(variance),
            GammaPriorMatch = options.Threshold == ThresholdKind.Gamma ? GammaPriorMatch.ActiveFraction : options.GammaPriorMatch,
        };
        return family.WithActiveFraction(scaled, activity);
    }
}
