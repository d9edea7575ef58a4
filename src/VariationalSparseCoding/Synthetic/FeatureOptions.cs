namespace VariationalSparseCoding.Synthetic;

/// <summary>
/// Samples that look like activations of a network, from features that are known: after the recipe of SynthSAEBench, whose numbers are the defaults, at a sixteenth of its size.
/// Features are rarer the higher their number; two thirds of them stand in trees, where a feature fires only with its parent and never with its siblings.
/// </summary>
internal sealed record FeatureOptions
{
    /// <summary>Values per sample, D, at least 1. Default: 96.</summary>
    public int Dimension { get; init; } = 96;

    /// <summary>Features, d, at least 1. Default: 1024.</summary>
    public int Features { get; init; } = 1024;

    /// <summary>The exponent by which firing probabilities fall with a feature's rank, at least 0. Default: 0.5.</summary>
    public double ZipfExponent { get; init; } = 0.5;

    /// <summary>The firing probability of the rarest feature, in (0, 1). Default: 0.0005.</summary>
    public double LeastProbability { get; init; } = 5e-4;

    /// <summary>The firing probability of the most frequent feature, in (0, 1). Default: 0.4.</summary>
    public double GreatestProbability { get; init; } = 0.4;

    /// <summary>How many features are active in a sample on average, to which probabilities are scaled; null: as the other options make it.</summary>
    public double? ExpectedActive { get; init; }

    /// <summary>Features for one tree, at least 1. Default: 128.</summary>
    public int FeaturesPerTree { get; init; } = 128;

    /// <summary>Children of a feature in a tree, at least 1. Default: 4.</summary>
    public int Branching { get; init; } = 4;

    /// <summary>Generations below a tree's root; 0: all features are on their own. Default: 3.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Hidden factors that let features without a parent fire together, at least 1. Default: 25.</summary>
    public int CorrelationRank { get; init; } = 25;

    /// <summary>The share of a feature's firing that hidden factors decide, in [0, 1): its variance in a Gaussian copula. Default: 0.1.</summary>
    public double CorrelationScale { get; init; } = 0.1;

    /// <summary>The mean value of the most frequent feature where it is active, above 0. Default: 5.</summary>
    public double FirstMagnitude { get; init; } = 5;

    /// <summary>The mean value of the rarest feature where it is active, above 0. Default: 4.</summary>
    public double LastMagnitude { get; init; } = 4;

    /// <summary>The standard deviation of a value around its mean, before negative ones are folded over, at least 0. Default: 0.5.</summary>
    public double MagnitudeDeviation { get; init; } = 0.5;

    /// <summary>The standard deviation of the entries of the vector that all samples have in common, at least 0. Default: 0.5.</summary>
    public double Bias { get; init; } = 0.5;

    /// <summary>The standard deviation of white Gaussian noise on every value, at least 0. Default: 0.</summary>
    public double Noise { get; init; }

    /// <summary>What all samples are multiplied by, above 0. Default: 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Steps that turn the features' directions away from each other, at least 0. Default: 100.</summary>
    public int OrthogonalisationSteps { get; init; } = 100;

    /// <summary>Adds one line for every option that is out of range.</summary>
    /// <param name="errors">Receives the lines.</param>
    internal void Validate(ICollection<string> errors)
    {
        RequireAtLeast(nameof(Dimension), Dimension, 1);
        RequireAtLeast(nameof(Features), Features, 1);
        RequireAtLeast(nameof(FeaturesPerTree), FeaturesPerTree, 1);
        RequireAtLeast(nameof(Branching), Branching, 1);
        RequireAtLeast(nameof(Depth), Depth, 0);
        RequireAtLeast(nameof(CorrelationRank), CorrelationRank, 1);
        RequireAtLeast(nameof(OrthogonalisationSteps), OrthogonalisationSteps, 0);
        Require(nameof(ZipfExponent), ZipfExponent, ZipfExponent >= 0, "at least 0");
        Require(nameof(LeastProbability), LeastProbability, LeastProbability is > 0 and < 1, "above 0 and below 1");
        Require(nameof(GreatestProbability), GreatestProbability, GreatestProbability < 1 && GreatestProbability >= LeastProbability, "below 1, and at least the least");
        if (ExpectedActive is { } active) Require(nameof(ExpectedActive), active, active > 0 && active <= Features / 2.0, "above 0, and at most half of the features");
        Require(nameof(CorrelationScale), CorrelationScale, CorrelationScale is >= 0 and < 1, "at least 0 and below 1");
        Require(nameof(FirstMagnitude), FirstMagnitude, FirstMagnitude > 0, "above 0");
        Require(nameof(LastMagnitude), LastMagnitude, LastMagnitude > 0, "above 0");
        Require(nameof(MagnitudeDeviation), MagnitudeDeviation, MagnitudeDeviation >= 0, "at least 0");
        Require(nameof(Bias), Bias, Bias >= 0, "at least 0");
        Require(nameof(Noise), Noise, Noise >= 0, "at least 0");
        Require(nameof(Scale), Scale, Scale > 0, "above 0");
        if ((long)Dimension * Features > Array.MaxLength) errors.Add($"{nameof(Features)}: {Features} features of {Dimension} values do not fit into memory; ask for less");

        void RequireAtLeast(string name, int value, int least)
        {
            if (value < least) errors.Add($"{name}: must be at least {least}, not {value}");
        }

        void Require(string name, double value, bool isValid, string range)
        {
            if (!isValid || !double.IsFinite(value)) errors.Add(FormattableString.Invariant($"{name}: must be {range}, not {value}"));
        }
    }
}
