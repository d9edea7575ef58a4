using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>The terms of the sparse-coding objective on a set of samples, by which the paper's Table 1 compares methods (docs/mathematics.md sections 0 and 6.1).</summary>
/// <param name="Reconstruction">Mean over samples of 1/2 ||x - A z||^2, summed over D.</param>
/// <param name="L1">Mean over samples of ||z||_1.</param>
/// <param name="ActiveFraction">Codes that are not exactly zero, over all codes, in [0, 1].</param>
/// <param name="SquaredFrobeniusNorm">||A||_F^2.</param>
/// <param name="Lambda">Weight of the l1 term; the paper's 20.</param>
/// <param name="Kappa">Weight of the dictionary's norm; the published 1e-3.</param>
public sealed record SparseCodingObjective(double Reconstruction, double L1, double ActiveFraction, double SquaredFrobeniusNorm, double Lambda, double Kappa)
{
    /// <summary>1/2 ||x - A z||^2 + lambda ||z||_1, mean over samples: paper eq. (10) with its missing 1/2, without the dictionary's norm.</summary>
    public double Value => Reconstruction + Lambda * L1;

    /// <summary><see cref="Value"/> + kappa ||A||_F^2: Table 1's validation loss.</summary>
    public double ValueWithFrobenius => Value + Kappa * SquaredFrobeniusNorm;

    /// <summary>Computes the terms in double precision; independent of the number of processors.</summary>
    /// <param name="samples">x, [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="features">d.</param>
    /// <param name="lambda">Weight of the l1 term.</param>
    /// <param name="kappa">Weight of the dictionary's norm.</param>
    public static SparseCodingObjective Compute<T>(
        ReadOnlySpan<T> samples, int dimension, ReadOnlySpan<T> dictionary, ReadOnlySpan<T> codes, int features, double lambda = 20, double kappa = 1e-3)
        where T : unmanaged, INumber<T>
    {
        int count = RowMajor.Rows(samples, dimension, nameof(samples));
        RowMajor.RequireLength(dictionary, (long)dimension * features, nameof(dictionary));
        RowMajor.RequireLength(codes, (long)count * features, nameof(codes));
        double[] atoms = RowMajor.Transposed(dictionary, features);
        double[] residuals = RowMajor.ToDouble(samples);
        double[] halfSquares = new double[count], magnitudes = new double[count];
        int[] active = new int[count];
        RowMajor.ForEachRow(codes, features, (row, code) =>
        {
            Span<double> residual = residuals.AsSpan(row * dimension, dimension);
            for (int feature = 0; feature < code.Length; feature++)
            {
                double value = double.CreateTruncating(code[feature]);
                if (value == 0) continue;
                active[row]++;
                magnitudes[row] += Math.Abs(value);
                Subtract(residual, value, atoms.AsSpan(feature * dimension, dimension));
            }
            halfSquares[row] = 0.5 * SquaredNorm(residual);
        });
        return new SparseCodingObjective(
            halfSquares.Average(), magnitudes.Average(), active.Sum(n => (double)n) / codes.Length, SquaredNorm(atoms), lambda, kappa);
    }

    /// <summary>The baseline that every result should stand beside: the same samples with all codes zero, and a dictionary of the same norm.</summary>
    /// <param name="samples">x, [N, D].</param>
    /// <param name="dimension">D.</param>
    public SparseCodingObjective AllZero<T>(ReadOnlySpan<T> samples, int dimension) where T : INumber<T>
    {
        int count = RowMajor.Rows(samples, dimension, nameof(samples));
        double energy = 0;
        foreach (T value in samples) energy += double.CreateTruncating(value) * double.CreateTruncating(value);
        return this with { Reconstruction = 0.5 * energy / count, L1 = 0, ActiveFraction = 0 };
    }

    private static void Subtract(Span<double> residual, double scale, ReadOnlySpan<double> atom)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= residual.Length; i += Vector<double>.Count)
            (new Vector<double>(residual[i..]) - scale * new Vector<double>(atom[i..])).CopyTo(residual[i..]);
        for (; i < residual.Length; i++) residual[i] -= scale * atom[i];
    }

    private static double SquaredNorm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum;
    }
}
