using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// One sample's problem at work: z and the correlations c = A^T(x - A z), by the Gram matrix, in float64. One serves a thread
/// for all its samples.
/// </summary>
/// <param name="problem">The dictionary.</param>
/// <param name="options">lambda and the tolerance.</param>
/// <param name="isSinglePrecision">Whether the codes will be returned in float32.</param>
internal sealed class LassoSample(LassoProblem problem, MapOptions options, bool isSinglePrecision)
{
    // The share of the tolerance that the rounding of c may take before c is computed from an exact residual.
    private const double RoundingShare = 1e-3, Epsilon = 1.0 / (1L << 52);
    private readonly PaddedGram gram = problem.Gram;
    private readonly AlignedVector correlations = new(problem.Gram.Stride);
    private ExactResidual? exact;
    private readonly double[] weights = new double[problem.Gram.Stride];
    private readonly int[] rows = new int[problem.Gram.Stride];
    private AlignedVector x, projections, codes;
    private double squaredNorm;

    /// <summary>A^T A.</summary>
    public PaddedGram Gram => gram;

    /// <summary>The weight of the L1 norm.</summary>
    public double Lambda { get; private set; } = options.Lambda;

    /// <summary>The most iterations allowed.</summary>
    public int MaximumIterations => options.MaximumIterations;

    /// <summary>Whether a gap is asked for, and not just a number of iterations.</summary>
    public bool HasTolerance => options.RelativeGapTolerance > 0;

    /// <summary>Whether objective and gap of the codes are wanted.</summary>
    public bool Certifies => options.Certifies;

    /// <summary>A^T x, [padded d].</summary>
    public ReadOnlySpan<double> Projections => projections.Span;

    /// <summary>c, [padded d].</summary>
    public Span<double> Correlations => correlations.Span;

    /// <summary>z, [d].</summary>
    public Span<double> Codes => codes.Span[..gram.Atoms];

    /// <summary>z, [padded d].</summary>
    public Span<double> PaddedCodes => codes.Span;

    /// <summary>Iterations made so far.</summary>
    public int Iterations { get; set; }

    /// <summary>max|c| at the last <see cref="Certify()"/>.</summary>
    public double LargestCorrelation { get; private set; }

    /// <summary>F(z) at the last <see cref="Certify()"/>.</summary>
    public double Objective { get; private set; }

    /// <summary>The duality gap at the last <see cref="Certify()"/>.</summary>
    public double Gap { get; private set; }

    /// <summary>
    /// Whether the last <see cref="Certify()"/> found neither objective nor gap lower than the one before. The gap counts too, being of
    /// first order in the error of z where the objective is of second: it still falls when the objective's change is lost in rounding.
    /// </summary>
    public bool Stalled { get; private set; }

    /// <summary>
    /// Whether the last <see cref="Certify()"/> found the relative gap within its tolerance, which with 0 only an exact solution is. At lambda = 0 the gap says nothing
    /// where x is not reproduced: there the largest entry of the gradient is compared with that at z = 0.
    /// </summary>
    public bool Converged => Lambda > 0 ? Gap <= options.RelativeGapTolerance * Objective
        : LargestCorrelation <= options.RelativeGapTolerance * LassoKernels.MaximumAbsolute(Projections);

    /// <summary>
    /// Whether, with lambda = 0, the largest entry of the gradient is within the tolerance of ||a|| ||x|| of the longest atom a: all that rounding allows where x is nearly
    /// orthogonal to dependent atoms, whose codes are then large.
    /// </summary>
    public bool IsStationary => Lambda == 0 && LargestCorrelation <= options.RelativeGapTolerance * Math.Sqrt(gram.LargestSquaredNorm * squaredNorm);

    /// <summary>Takes up a sample of a block, with its codes as they are; they are changed in the block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="sample">Its place in the block.</param>
    public void Load(SampleBlock block, int sample)
    {
        (projections, codes, squaredNorm) = (block.Projections(sample), block.Codes(sample), block.SquaredNorm(sample));
        x = block.Values(sample);
        if (double.IsFinite(options.LambdaShare)) Lambda = Math.Min(options.Lambda, options.LambdaShare * LassoKernels.MaximumAbsolute(Projections));
        Iterations = 0;
        (Objective, Gap) = (double.PositiveInfinity, double.PositiveInfinity);
    }

    /// <summary>
    /// Computes c, the objective and the gap afresh. With r = x - A z and s = min(1, lambda / max|c|), s r is feasible
    /// for the dual max 1/2||x||^2 - 1/2||x - u||^2 s.t. |A^T u| &lt;= lambda, and primal minus dual is, after Az = x - r,
    /// 1/2 (1 - s)^2 ||r||^2 + sum_j (lambda |z_j| - s c_j z_j): terms of one sign, so that nothing cancels near the optimum.
    /// </summary>
    public void Certify()
    {
        var z = Codes;
        var support = rows.AsSpan(0, Support(rows));
        for (int k = 0; k < support.Length; k++) weights[k] = z[support[k]];
        Certify(support, weights);
    }

    /// <summary>Rounds z to float32 where it is returned as such, and certifies it again: rounding is of first order in the gap, and so shows where lambda is small.</summary>
    public void Round()
    {
        if (!isSinglePrecision) return;
        foreach (ref double value in Codes) value = (float)value;
        Certify();
    }

    /// <summary>The same as <see cref="Certify()"/> of a z that is held by its support.</summary>
    /// <param name="support">The atoms of the support.</param>
    /// <param name="values">Their codes, at least as long.</param>
    public void Certify(ReadOnlySpan<int> support, ReadOnlySpan<double> values)
    {
        values = values[..support.Length];
        Span<double> c = correlations.Span, projected = projections.Span;
        double largest = LassoKernels.SubtractRows(c, projected, gram.Rows, support, values);
        double fitted = 0, absolute = 0, correlated = 0;
        for (int k = 0; k < support.Length; k++)
        {
            double value = values[k], correlation = c[support[k]];
            fitted += value * (projected[support[k]] + correlation);
            absolute += Math.Abs(value);
            correlated += value * correlation;
        }
        // ||r||^2 = ||x||^2 - z.(A^T x) - z.c, and it is no less than 0 but for rounding.
        double squaredResidual = Math.Max(0, squaredNorm - fitted);
        if (HasTolerance && Epsilon * absolute * gram.LargestSquaredNorm > RoundingShare * options.RelativeGapTolerance * (Lambda > 0 ? Lambda : LassoKernels.MaximumAbsolute(projected)))
        {
            exact ??= new(problem.Packed);
            squaredResidual = exact.Compute(x.Span, support, values, c);
            largest = LassoKernels.MaximumAbsolute(c);
            correlated = 0;
            for (int k = 0; k < support.Length; k++) correlated += values[k] * c[support[k]];
        }
        double scale = largest > Lambda ? Lambda / largest : 1;
        var (lastObjective, lastGap) = (Objective, Gap);
        LargestCorrelation = largest;
        Objective = 0.5 * squaredResidual + Lambda * absolute;
        Gap = 0.5 * (1 - scale) * (1 - scale) * squaredResidual + Math.Max(0, Lambda * absolute - scale * correlated);
        Stalled = Objective >= lastObjective && Gap >= lastGap;
    }

    /// <summary>The atoms whose code is not 0.</summary>
    /// <param name="atoms">Receives them, ascending; of the padded length of d.</param>
    /// <returns>How many there are.</returns>
    public int Support(Span<int> atoms) => LassoKernels.IndicesAbove(codes.Span, 0, atoms);
}
