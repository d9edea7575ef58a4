using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>Trains a method on a data set with the library's default options, and measures what a person who does nothing else gets.</summary>
internal static class RobustnessRun
{
    /// <summary>The most steps of a training.</summary>
    public const int MostSteps = 2000;

    // Steps of large networks take up to a second, and Gamma variates tens of times as long as others: together about fifteen seconds of one core.
    private const double MostWork = 2e12, WorkOfGammaVariate = 6000;

    /// <summary>Trains and measures.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="method">A name of <see cref="MethodTable"/>.</param>
    /// <param name="seed">Seed of data and training.</param>
    /// <param name="mostSteps">The most steps.</param>
    /// <param name="cancellationToken">Stops after the current step.</param>
    public static RobustnessResult Of(RobustnessSet set, string method, ulong seed, int mostSteps = MostSteps, CancellationToken cancellationToken = default)
    {
        var result = new RobustnessResult { Set = set.Name, Method = method, Seed = seed };
        var (train, heldOut) = set.Generate(seed);
        var watcher = new Watcher();
        using var coder = new SparseCoder(Options(set, method, seed, mostSteps));
        try
        {
            coder.Fit(train, set.Dimension, watcher, cancellationToken);
            return Measured(result, coder, heldOut, cancellationToken) with { Terms = watcher.Last, Steps = watcher.Steps, Notes = coder.Notes, BackOffs = coder.BackOffs };
        }
        catch (InvalidInputException refusal) when (watcher.Steps == 0)
        {
            return result with { Refusal = refusal.Message };
        }
        catch (Exception error) when (error is InvalidInputException or TrainingDivergedException)
        {
            return result with { Failure = error.Message, Terms = watcher.Last, Steps = watcher.Steps };
        }
    }

    /// <summary>The defaults, with fewer epochs where these would take more than 2,000 steps, or too long.</summary>
    private static SparseCoderOptions Options(RobustnessSet set, string method, ulong seed, int mostSteps)
    {
        var options = new SparseCoderOptions { Method = method, Seed = seed, Threads = 1 };
        int stepsPerEpoch = Math.Max(1, set.Samples / options.BatchSize);
        double workOfStep = 6.0 * options.BatchSize * 22 * set.Dimension * set.Dimension;
        if (MethodTable.Find(method)!.Threshold == ThresholdKind.Gamma) workOfStep += WorkOfGammaVariate * options.BatchSize * options.Draws * options.Atoms;
        double epochs = Math.Min(mostSteps, MostWork / workOfStep) / stepsPerEpoch;
        return options with { Epochs = Math.Clamp((int)epochs, 1, options.Epochs) };
    }

    private static RobustnessResult Measured(RobustnessResult result, SparseCoder coder, float[] heldOut, CancellationToken cancellationToken)
    {
        float[] codes = coder.Encode(heldOut, cancellationToken: cancellationToken), decoded = coder.Decode(codes);
        coder.Model.Preprocessing.Standardise(heldOut);
        coder.Model.Preprocessing.Standardise(decoded);
        double error = 0, power = 0;
        for (int i = 0; i < heldOut.Length; i++)
        {
            error += Math.Pow((double)decoded[i] - heldOut[i], 2);
            power += Math.Pow(heldOut[i], 2);
        }
        float[] dictionary = coder.Model.Dictionary();
        return result with
        {
            ExplainedVariance = power == 0 ? 1 : 1 - error / power,
            ActiveFraction = 1 - codes.Count(code => code == 0) / (double)codes.Length,
            DeadAtoms = Enumerable.Range(0, coder.Atoms).Count(atom => !Uses(codes, atom, coder.Atoms)),
            IsFinite = dictionary.All(float.IsFinite) && codes.All(float.IsFinite) && decoded.All(float.IsFinite),
        };
    }

    private static bool Uses(float[] codes, int atom, int atoms)
    {
        for (int i = atom; i < codes.Length; i += atoms)
            if (codes[i] != 0) return true;
        return false;
    }

    private sealed class Watcher : IProgress<StepEvent>
    {
        public Dictionary<string, double> Last { get; } = [];

        public long Steps { get; private set; }

        public void Report(StepEvent value)
        {
            Steps = value.Step;
            for (int i = 0; i < value.Terms.Names.Count; i++) Last[value.Terms.Names[i]] = value.Terms.Values[i];
        }
    }
}
