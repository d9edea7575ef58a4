namespace VariationalSparseCoding.Numerics;

/// <summary>Symmetric tridiagonal matrices T, [k, k], of numbers on the diagonal and beside it.</summary>
internal static class Tridiagonal
{
    /// <summary>The largest eigenvalue, to the precision of float64: by bisection, with the sign of the pivots of T - x I as the test.</summary>
    /// <param name="diagonal">k numbers.</param>
    /// <param name="offDiagonal">At least k - 1 numbers.</param>
    /// <param name="below">What the eigenvalue is known not to be below; negative infinity for nothing.</param>
    public static double LargestEigenvalue(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> offDiagonal, double below)
    {
        // Gershgorin's discs bound it from above, the largest entry of the diagonal from below.
        double low = below, high = double.NegativeInfinity;
        for (int i = 0; i < diagonal.Length; i++)
        {
            double radius = (i == 0 ? 0 : Math.Abs(offDiagonal[i - 1])) + (i == diagonal.Length - 1 ? 0 : Math.Abs(offDiagonal[i]));
            (low, high) = (Math.Max(low, diagonal[i]), Math.Max(high, diagonal[i] + radius));
        }
        while (true)
        {
            double middle = low + (high - low) / 2;
            if (!(low < middle && middle < high)) return low;
            if (IsAboveSpectrum(diagonal, offDiagonal, middle)) high = middle;
            else low = middle;
        }
    }

    /// <summary>The size of the last component of an eigenvector of norm 1.</summary>
    /// <param name="diagonal">k numbers.</param>
    /// <param name="offDiagonal">At least k - 1 numbers, none of the first k - 1 is 0.</param>
    /// <param name="eigenvalue">Its eigenvalue.</param>
    public static double LastComponent(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> offDiagonal, double eigenvalue)
    {
        double last = 0, component = 1, squares = 1;
        for (int i = 0; i < diagonal.Length - 1; i++)
        {
            double next = ((eigenvalue - diagonal[i]) * component - (i == 0 ? 0 : offDiagonal[i - 1] * last)) / offDiagonal[i];
            (last, component, squares) = (component, next, squares + next * next);
        }
        return Math.Abs(component) / Math.Sqrt(squares);
    }

    private static bool IsAboveSpectrum(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> offDiagonal, double x)
    {
        double pivot = diagonal[0] - x;
        for (int i = 1; i < diagonal.Length && pivot < 0; i++) pivot = diagonal[i] - x - offDiagonal[i - 1] * offDiagonal[i - 1] / pivot;
        return pivot < 0;
    }
}
