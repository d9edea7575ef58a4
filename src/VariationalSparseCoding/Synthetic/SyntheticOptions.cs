namespace VariationalSparseCoding.Synthetic;

/// <summary>How the values of a synthetic code are distributed.</summary>
public enum CodeDistribution
{
    /// <summary>Standard normal, as in the published experiments.</summary>
    Gaussian,

    /// <summary>Laplacian of mean 0 and scale 1.</summary>
    Laplacian,

    /// <summary>A random sign times 1 + |n|, n standard normal: no value is smaller than 1.</summary>
    AtLeastOne,
}

/// <summary>Data from a known dictionary. The defaults are an easy set that every good method should solve.</summary>
public sealed record SyntheticOptions
{
    /// <summary>How many samples, N, at least 1. Default: 10000.</summary>
    public int Samples { get; init; } = 10_000;

    /// <summary>Values per sample, D, at least 1. Default: 64.</summary>
    public int Dimension { get; init; } = 64;

    /// <summary>Atoms of the dictionary, d, at least 1. Default: 32.</summary>
    public int Atoms { get; init; } = 32;

    /// <summary>How many atoms are drawn for a sample, 1 to d. Default: 3.</summary>
    public int Support { get; init; } = 3;

    /// <summary>How the values of the drawn atoms are distributed. Default: at least one.</summary>
    public CodeDistribution Distribution { get; init; } = CodeDistribution.AtLeastOne;

    /// <summary>
    /// Whether one atom may be drawn several times for a sample (then its last value counts, and the support is at most <see cref="Support"/>),
    /// as in the published experiments. Default: false.
    /// </summary>
    public bool WithReplacement { get; init; }

    /// <summary>Decibels from the mean power of the noise-free data up to white Gaussian noise below it; null: no noise. Default: 20.</summary>
    public double? SignalToNoise { get; init; } = 20;

    /// <summary>Adds one line for every option that is out of range.</summary>
    /// <param name="errors">Receives the lines.</param>
    internal void Validate(ICollection<string> errors)
    {
        if (Samples < 1) errors.Add($"{nameof(Samples)}: must be at least 1, not {Samples}");
        if (Dimension < 1) errors.Add($"{nameof(Dimension)}: must be at least 1, not {Dimension}");
        if (Atoms < 1) errors.Add($"{nameof(Atoms)}: must be at least 1, not {Atoms}");
        if (Support < 1 || Support > Atoms) errors.Add($"{nameof(Support)}: must lie between 1 and the number of atoms, {Atoms}, not {Support}");
        if (!Enum.IsDefined(Distribution)) errors.Add($"{nameof(Distribution)}: must be one of {string.Join(", ", Enum.GetNames<CodeDistribution>())}, not {Distribution}");
        if (SignalToNoise is { } ratio && !double.IsFinite(ratio)) errors.Add(FormattableString.Invariant($"{nameof(SignalToNoise)}: must be a finite number of decibels, not {ratio}"));
        if ((long)Samples * Math.Max(Dimension, Atoms) > Array.MaxLength || (long)Dimension * Atoms > Array.MaxLength)
            errors.Add($"{nameof(Samples)}: {Samples} samples of {Dimension} values and {Atoms} atoms do not fit into memory; ask for less");
    }
}
