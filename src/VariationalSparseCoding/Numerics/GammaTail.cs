namespace VariationalSparseCoding.Numerics;

/// <summary>The probability that a normal variate passes a threshold that is itself drawn from a Gamma distribution.</summary>
internal static class GammaTail
{
    // Weights below exp(-Negligible) of the greatest are left out.
    private const double Negligible = 40;

    // Where a first-order expansion takes over from the sum; its square is left out.
    private const double Small = 1e-4;

    // erfc beyond is below 1e-22.
    private const double Farthest = 7;

    /// <summary>E erfc(c l) over l from Gamma(shape, rate = shape), whose mean is 1; error about 1e-8, in small probabilities relative to them.</summary>
    /// <remarks>
    /// The trapezoidal rule over t = log l, whose error falls exponentially with the step, on exp(a (t - e^t + 1)) erfc(c e^t) / (e^a a^-a G(a)).
    /// To the left, where e^t is small, the integrand is exp(a (t + 1)) (1 - (a + 2c/sqrt(pi)) e^t), and the sum a geometric series.
    /// </remarks>
    /// <param name="shape">a, above 0.</param>
    /// <param name="scale">c, at least 0.</param>
    public static double MeanErfc(double shape, double scale)
    {
        double step = 0.5 / Math.Sqrt(Math.Max(4, shape)), slope = shape + 2 / Math.Sqrt(Math.PI) * scale;
        if (double.IsPositiveInfinity(slope)) return 0;
        double first = Math.Log(Small / (1 + slope)), sum = 0;
        if (shape > 3 * Negligible) first = Math.Max(first, -Math.Sqrt(3 * Negligible / shape));
        else sum = Left(shape, slope, first - step, step);
        double last = Math.Min(Math.Sqrt(2 * Negligible / shape), Math.Min(Math.Log(2 * Negligible / shape + 4), Math.Log(Farthest / scale)));
        for (double t = first; t <= last; t += step)
        {
            double l = Math.Exp(t);
            sum += Math.Exp(shape * (t - l + 1)) * SpecialFunctions.Erfc(scale * l);
        }
        return step * sum * Math.Exp(shape * (Math.Log(shape) - 1) - SpecialFunctions.LogGamma(shape));
    }

    /// <summary>The sum of exp(a (t + 1)) (1 - slope e^t) over t = last, last - step, ...</summary>
    private static double Left(double shape, double slope, double last, double step) =>
        Math.Exp(shape * (last + 1)) * (1 / (1 - Math.Exp(-shape * step)) - slope * Math.Exp(last) / (1 - Math.Exp(-(shape + 1) * step)));
}
