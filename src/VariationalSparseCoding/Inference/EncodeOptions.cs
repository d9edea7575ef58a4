using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Inference;

/// <summary>Which codes of samples are wanted. By default a code is a continuous function of its sample: equal samples have equal codes, whatever their row, their neighbours, and the threads.</summary>
public sealed record EncodeOptions
{
    /// <summary>The <see cref="Refine"/> that goes on until the relative duality gap is 1e-6.</summary>
    public const int UntilConverged = int.MaxValue;

    /// <summary>
    /// The kind of codes. Null: the model's own, <see cref="SparseCoder.DefaultKind"/>, which draws nothing. Codes as trained and single draws have noise that is a function
    /// of <see cref="Seed"/> and row, so that the same call gives the same codes, but equal samples of different rows do not. The mean is dense, and the mode is
    /// empty where the posterior stays near the prior. Models of MAP inference (method fista) know one kind: the optimum. Those of an autoencoder know their encoder's, whatever kind of drawn or posterior code is asked for, and the optimum.
    /// </summary>
    public CodeKind? Kind { get; init; }

    /// <summary>Codes drawn per sample, J, from 1 to 10,000; null: the experiment's. Of <see cref="CodeKind.AsTrained"/> only.</summary>
    public int? Draws { get; init; }

    /// <summary>Seed of the noise of codes that are drawn; null: the model's own. Other seeds give other draws.</summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Number of the first row, at least 0: where codes are drawn, a block of a larger set that is given its place there gets the codes that it has within the whole set.
    /// </summary>
    public int FirstRow { get; init; }

    /// <summary>
    /// FISTA steps that start from the code and lower 1/2 ||x - Az||^2 + lambda ||z||_1, lambda being the experiment's; 0: none;
    /// <see cref="UntilConverged"/>: to the optimum, by the fastest solver.
    /// </summary>
    public int Refine { get; init; }

    /// <summary>The most active features of a code, k, at least 1: of the code that is asked for, refined if that is asked for too, the k of largest magnitude stay, the first ones of equal magnitude, and the others become 0. Null: all stay.</summary>
    public int? Active { get; init; }

    internal void Validate()
    {
        if (Kind is { } kind && !Enum.IsDefined(kind)) throw new InvalidInputException($"Kind: there are no codes of kind {Kind}; choose one of {string.Join(", ", Enum.GetNames<CodeKind>())}.");
        SamplingOptions.RequireDraws(Draws, nameof(Draws));
        if (Draws is not null && Kind != CodeKind.AsTrained) throw new InvalidInputException("Draws: belong to codes as trained, the best of several draws; ask for that kind, or leave the number out.");
        if (Seed is not null && Kind is not (CodeKind.AsTrained or CodeKind.SingleDraw))
            throw new InvalidInputException("Seed: belongs to codes that are drawn; ask for codes as trained or a single draw, or leave the seed out.");
        if (Active < 1) throw new InvalidInputException($"Active: must be at least 1, not {Active}.");
        if (FirstRow < 0) throw new InvalidInputException($"FirstRow: must be at least 0, not {FirstRow}.");
        if (Refine < 0) throw new InvalidInputException($"Refine: must be at least 0, not {Refine}.");
    }
}
