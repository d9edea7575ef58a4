namespace VariationalSparseCoding.Experiments;

/// <summary>How sparse the codes of an autoencoder are (docs/mathematics.md section 13). Other methods do not use it.</summary>
public sealed record SparsityOptions
{
    // Of the lesser of D and d.
    private const double UsualShare = 0.05;

    /// <summary>
    /// Active features of a sample, k: exactly so many of method 'topk', and so many on average of the other autoencoders. At most the number of features; 0 takes 5% of the lesser
    /// of the samples' size and the number of features, and at least 1.
    /// </summary>
    public int Active { get; init; }

    /// <summary>Weight of the auxiliary loss, by which features that have fallen silent learn what the others leave over. From 0 to 1e6; 0 leaves them silent.</summary>
    public double AuxiliaryWeight { get; init; } = 1;

    /// <summary>Returns k.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="features">d.</param>
    internal int ActiveOf(int dimension, int features) => Active > 0 ? Active : Math.Max(1, (int)Math.Round(UsualShare * Math.Min(dimension, features)));

    internal void Validate(Errors errors, Method method, int features)
    {
        errors.Check(Active >= 0 && (Active <= features || method.Gate is null), "sparsity.active", $"must lie between 1 and the number of features, {features} (0: 5% of them, or of the samples' size), not {Active}");
        errors.NotNegative("sparsity.auxiliaryWeight", AuxiliaryWeight);
    }
}
