using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// An upper bound on the largest eigenvalue of a positive semidefinite matrix G, [d, d]: Lanczos estimates it from below, a Cholesky factorisation
/// of (bound I - G) proves the bound. A pure function of the matrix: a vector carried over from the last training step would save some
/// iterations, but a resumed run would then differ from an uninterrupted one. On the calling thread, in buffers that are made once.
/// </summary>
internal sealed class SpectralBound
{
    // The estimate misses the eigenvalue by the square of the residual over the distance to the next one.
    private const double ResidualTolerance = 1e-7, FirstMargin = 1e-10;
    private const int LargestExponent = 1000;
    private readonly int size, stride;
    private readonly LanczosIteration lanczos;
    private readonly AlignedVector scaled, difference;

    /// <summary>Creates the buffers.</summary>
    /// <param name="size">d.</param>
    public SpectralBound(int size)
    {
        int lanes = Vector512<double>.Count;
        (this.size, stride) = (size, (size + lanes - 1) / lanes * lanes);
        lanczos = new(size, stride);
        (scaled, difference) = (new(checked(size * stride)), new(checked(size * stride)));
    }

    /// <summary>Finds the bound; 1 for a matrix of zeros, infinity for one that is not finite.</summary>
    /// <param name="gram">G, symmetric, positive semidefinite, rows of d and more numbers.</param>
    /// <param name="size">d.</param>
    /// <param name="rowLength">The length of a row.</param>
    public static double Find(ReadOnlySpan<double> gram, int size, int rowLength)
    {
        var bound = new SpectralBound(size);
        for (int row = 0; row < size; row++) gram.Slice(row * rowLength, size).CopyTo(bound.Row(row));
        return bound.OfRows();
    }

    /// <summary>Finds the bound; 1 for a matrix of zeros, infinity for one that is not finite.</summary>
    /// <param name="gram">G, symmetric, positive semidefinite but for rounding, rows of d and more numbers.</param>
    /// <param name="rowLength">The length of a row.</param>
    public double Find(ReadOnlySpan<float> gram, int rowLength)
    {
        for (int row = 0; row < size; row++) Precision.Widen(gram.Slice(row * rowLength, size), Row(row));
        return OfRows();
    }

    private Span<double> Row(int row) => scaled.Span.Slice(row * stride, size);

    private double OfRows()
    {
        double largest = 0;
        for (int i = 0; i < size; i++) largest = Math.Max(largest, scaled.Span[i * stride + i]);
        if (largest == 0) return 1;
        if (!double.IsFinite(largest)) return double.PositiveInfinity;
        // Scaled, so that the squares of very large or small entries stay in range; by a power of 2, which rounds nothing.
        int exponent = Math.Clamp(Math.ILogB(largest), -LargestExponent, LargestExponent);
        Multiply(Math.ScaleB(1, -exponent));
        // The largest eigenvalue is at least the largest diagonal entry.
        double estimate = Math.Max(Math.ScaleB(largest, -exponent), lanczos.LargestEigenvalue(scaled.Span, ResidualTolerance));
        // The margin covers an estimate that had not converged: it grows until the proof succeeds.
        for (double margin = FirstMargin; ; margin *= 4)
        {
            double bound = estimate * (1 + margin);
            Subtract(bound);
            if (!double.IsFinite(bound) || Cholesky.IsPositiveDefinite(difference.Span, size, stride)) return Math.ScaleB(bound, exponent);
        }
    }

    private void Multiply(double factor)
    {
        foreach (ref var vector in MemoryMarshal.Cast<double, Vector512<double>>(scaled.Span)) vector *= factor;
    }

    /// <summary>bound I - G.</summary>
    private void Subtract(double bound)
    {
        Span<Vector512<double>> from = MemoryMarshal.Cast<double, Vector512<double>>(scaled.Span), to = MemoryMarshal.Cast<double, Vector512<double>>(difference.Span);
        for (int i = 0; i < to.Length; i++) to[i] = -from[i];
        for (int i = 0; i < size; i++) difference.Span[i * stride + i] += bound;
    }
}
