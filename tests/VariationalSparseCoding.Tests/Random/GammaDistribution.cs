using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Random;

/// <summary>The distribution function of a Gamma variate of rate 1, in float64.</summary>
internal static class GammaDistribution
{
    /// <summary>P(l &lt; x): the series below the mean, and the continued fraction of the complement above.</summary>
    /// <param name="shape">alpha.</param>
    /// <param name="x">At least 0.</param>
    public static double Probability(double shape, double x)
    {
        if (x <= 0) return 0;
        double front = Math.Exp(shape * Math.Log(x) - x - SpecialFunctions.LogGamma(shape));
        return x < shape + 1 ? front * Series(shape, x) : 1 - front * Fraction(shape, x);
    }

    private static double Series(double shape, double x)
    {
        double term = 1 / shape, sum = term;
        for (double n = shape + 1; term > sum * 1e-16; n++) sum += term *= x / n;
        return sum;
    }

    /// <summary>Lentz's way from the front of the fraction.</summary>
    private static double Fraction(double shape, double x)
    {
        const double tiny = 1e-300;
        double b = x + 1 - shape, c = 1 / tiny, d = 1 / b, value = d;
        for (int i = 1; i < 100_000; i++)
        {
            double a = -i * (i - shape);
            b += 2;
            d = a * d + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + a / c;
            if (Math.Abs(c) < tiny) c = tiny;
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15) break;
        }
        return value;
    }
}
