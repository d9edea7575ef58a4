using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// One sample's problem at work: z and the correlations c = A^T(x - A z), by the Gram matrix, in float64. One serves a thread
/// for all its samples.
/// </summary>
/// <param name="gram">A^T A.</param>
/// <param name="options">lambda and the tolerance.</param>
/// <param name="singlePrecision">Whether the codes will be returned in float32: then what is certified is the rounded code.</param>
internal sealed class LassoSample(PaddedGram gram, MapOptions options, bool singlePrecision)
{
    private readonly Memory<double> projections = LassoKernels.Allocate(gram.Stride);
    private readonly Memory<double> correlations = LassoKernels.Allocate(gram.Stride);
    private readonly Memory<double> codes = LassoKernels.Allocate(gram.Stride);
    private readonly double[] weights = new double[gram.Stride];
    private readonly int[] rows = new int[gram.Stride];
    private double squaredNorm;

    public PaddedGram Gram => gram;

    public bool SinglePrecision => singlePrecision;

    public double Lambda => options.Lambda;

    public int MaximumIterations => options.MaximumIterations;

    /// <summary>A^T x, [padded d].</summary>
    public ReadOnlySpan<double> Projections => projections.Span;

    /// <summary>c, [padded d].</summary>
    public Span<double> Correlations => correlations.Span;

    /// <summary>z, [d].</summary>
    public Span<double> Codes => codes.Span[..gram.Atoms];

    /// <summary>Iterations made so far.</summary>
    public int Iterations { get; set; }

    /// <summary>F(z) at the last <see cref="Certify"/>.</summary>
    public double Objective { get; private set; }

    /// <summary>The duality gap at the last <see cref="Certify"/>.</summary>
    public double Gap { get; private set; }

    /// <summary>
    /// Whether the last <see cref="Certify"/> found neither objective nor gap lower than the one before. The gap counts too, being of
    /// first order in the error of z where the objective is of second: it still falls when the objective's change is lost in rounding.
    /// </summary>
    public bool Stalled { get; private set; }

    /// <summary>Whether the last <see cref="Certify"/> found the relative gap within its tolerance.</summary>
    public bool Converged => Gap <= options.RelativeGapTolerance * Objective;

    /// <summary>Takes up a sample.</summary>
    /// <param name="sampleProjections">A^T x, [d].</param>
    /// <param name="sampleSquaredNorm">||x||^2.</param>
    /// <param name="initialCodes">z to start from, [d]; empty for 0.</param>
    public void Load(ReadOnlySpan<double> sampleProjections, double sampleSquaredNorm, ReadOnlySpan<double> initialCodes)
    {
        sampleProjections.CopyTo(projections.Span);
        squaredNorm = sampleSquaredNorm;
        Iterations = 0;
        (Objective, Gap) = (double.PositiveInfinity, double.PositiveInfinity);
        if (initialCodes.IsEmpty) Codes.Clear();
        else initialCodes.CopyTo(Codes);
    }

    /// <summary>Rounds z to the precision it is returned in, computes c afresh, and the objective and gap of <see cref="LassoCertificate"/>.</summary>
    public void Certify()
    {
        int count = LassoKernels.IndicesAbove(codes.Span, 0, rows);
        var z = codes.Span;
        for (int k = 0; k < count; k++)
        {
            if (singlePrecision) z[rows[k]] = (float)z[rows[k]];
            weights[k] = z[rows[k]];
        }
        LassoKernels.SubtractRows(correlations.Span, projections.Span, gram.Rows, rows.AsSpan(0, count), weights);

        var c = correlations.Span;
        double largest = LassoKernels.MaximumAbsolute(c), scale = largest > Lambda ? Lambda / largest : 1;
        double fitted = 0, absolute = 0, correlated = 0;
        for (int k = 0; k < count; k++)
        {
            double correlation = c[rows[k]];
            fitted += weights[k] * (projections.Span[rows[k]] + correlation);
            absolute += Math.Abs(weights[k]);
            correlated += weights[k] * correlation;
        }
        // ||r||^2 = ||x||^2 - z.(A^T x) - z.c, and it is no less than 0 but for rounding.
        double squaredResidual = Math.Max(0, squaredNorm - fitted);
        var (lastObjective, lastGap) = (Objective, Gap);
        Objective = 0.5 * squaredResidual + Lambda * absolute;
        Gap = 0.5 * (1 - scale) * (1 - scale) * squaredResidual + Math.Max(0, Lambda * absolute - scale * correlated);
        Stalled = Objective >= lastObjective && Gap >= lastGap;
    }
}
