namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>What default settings made of a data set.</summary>
internal sealed record RobustnessResult
{
    /// <summary>Name of the <see cref="RobustnessSet"/>.</summary>
    public required string Set { get; init; }

    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Seed of data and training.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Why the training gave no model; null if it did.</summary>
    public string? Failure { get; init; }

    /// <summary>The terms of the last step's loss.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = new Dictionary<string, double>();

    /// <summary>1 - ||x - x'||^2 / ||x||^2 over held-out rows in standardised values, x' being what the default code stands for: 0 for codes that are all 0.</summary>
    public double ExplainedVariance { get; init; }

    /// <summary>The share of features that are not 0 in these codes.</summary>
    public double ActiveFraction { get; init; }

    /// <summary>The number of atoms that none of these codes uses.</summary>
    public int DeadAtoms { get; init; }

    /// <summary>Whether dictionary, codes and what they stand for are finite.</summary>
    public bool IsFinite { get; init; }
}
