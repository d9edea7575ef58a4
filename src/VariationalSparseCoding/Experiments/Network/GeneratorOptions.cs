namespace VariationalSparseCoding.Experiments;

/// <summary>The generator: x = A z (docs/mathematics.md section 2.4), or transposed convolutions (docs/mathematics.md section 2.3).</summary>
public sealed record GeneratorOptions
{
    /// <summary>The kind of generator.</summary>
    public GeneratorKind Kind { get; init; } = GeneratorKind.Linear;

    /// <summary>Number of latent features d: of a linear generator the atoms, the columns of A. From 1 to 65,536.</summary>
    public int Atoms { get; init; } = 256;

    /// <summary>Norm of each atom at the start. From 1e-12 to 1e6; ignored for a convolutional generator.</summary>
    public double InitialNorm { get; init; } = 1;

    /// <summary>The draws from which batch normalisation takes its statistics in training; ignored for a linear generator.</summary>
    public BatchNormStatistics BatchNorm { get; init; } = BatchNormStatistics.Selected;

    /// <summary>Whether a code's reconstruction depends on the other codes of a training step.</summary>
    internal bool CouplesSamples => Kind == GeneratorKind.Convolutional && BatchNorm == BatchNormStatistics.All;

    internal void Validate(Errors errors)
    {
        errors.Named("generator.kind", Kind);
        errors.Named("generator.batchNorm", BatchNorm);
        errors.Check(Atoms is >= 1 and <= 65_536, "generator.atoms", $"must lie between 1 and 65536, not {Atoms}");
        errors.Positive("generator.initialNorm", InitialNorm);
    }
}
