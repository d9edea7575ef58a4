namespace VariationalSparseCoding.Inference;

/// <summary>Which codes of a sample are meant.</summary>
public enum CodeKind
{
    /// <summary>As drawn in training: the best of J draws, one of J, or the published FISTA's.</summary>
    AsTrained,
    /// <summary>A single draw, J = 1.</summary>
    SingleDraw,
    /// <summary>The posterior's mean.</summary>
    Mean,
    /// <summary>The posterior's mode.</summary>
    Mode,
    /// <summary>All features zero: the baseline that every code should beat.</summary>
    ZeroCode,
    /// <summary>
    /// The MAP code: the optimum of 1/2||x - Az||^2 + lambda' ||z||_1 on the dictionary, lambda' being what the training's likelihood and prior say, and at most half of max|A^T x| (docs/mathematics.md section 3.8);
    /// sparse, and a continuous function of x. It takes no inference network.
    /// </summary>
    Map,
    /// <summary>FISTA's optimum on the same dictionary, to a relative duality gap of 1e-6: the best that any code can reach there.</summary>
    ConvergedFista,
    /// <summary>The encoder's own code: of an autoencoder, whose codes draw nothing, and exactly sparse.</summary>
    Encoder,
}
