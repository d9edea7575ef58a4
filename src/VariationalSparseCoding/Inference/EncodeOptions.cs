using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Inference;

/// <summary>Which codes of samples are wanted. The default is the best of J draws: exactly sparse, as trained, and repeatable.</summary>
public sealed record EncodeOptions
{
    /// <summary>The <see cref="Refine"/> that goes on until the relative duality gap is 1e-6.</summary>
    public const int UntilConverged = int.MaxValue;

    /// <summary>
    /// The kind of codes. The default draws J codes and keeps the best, as the method was trained: with noise that is a function of
    /// <see cref="Seed"/> and row, so that the same call gives the same codes. The mean is dense, and the mode is empty where the posterior stays
    /// near the prior; neither needs noise. Models of MAP inference (method fista) know one kind: the optimum.
    /// </summary>
    public CodeKind Kind { get; init; } = CodeKind.AsTrained;

    /// <summary>Codes drawn per sample, J, from 1 to 10,000; null: the experiment's. The default kind only.</summary>
    public int? Draws { get; init; }

    /// <summary>Seed of the noise; null: the model's own. Other seeds give other draws.</summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Number of the first row. A block of a larger set that is given its place there gets the codes that it has within the whole set. At least 0.
    /// </summary>
    public int FirstRow { get; init; }

    /// <summary>
    /// FISTA steps that start from the code and lower 1/2 ||x - Az||^2 + lambda ||z||_1, lambda being the experiment's; 0: none;
    /// <see cref="UntilConverged"/>: to the optimum, by the fastest solver.
    /// </summary>
    public int Refine { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Kind)) throw new InvalidInputException($"kind: must be one of {string.Join(", ", Enum.GetNames<CodeKind>())}, not {Kind}.");
        SamplingOptions.RequireDraws(Draws);
        if (FirstRow < 0) throw new InvalidInputException($"first row: must be at least 0, not {FirstRow}.");
        if (Refine < 0) throw new InvalidInputException($"refine: must be at least 0, not {Refine}.");
    }
}
