using System.Numerics;
using VariationalSparseCoding.Numerics;
using static VariationalSparseCoding.Numerics.SpecialFunctions;

namespace VariationalSparseCoding.Tests.Metrics;

/// <summary>The distribution of the base sample before thresholding.</summary>
public enum BaseFamily
{
    /// <summary>N(mu, sigma^2); spreads are variances, log-spreads h = log sigma^2.</summary>
    Gaussian,

    /// <summary>Laplace(mu, b); spreads are scales, log-spreads h = log b.</summary>
    Laplacian,
}

/// <summary>
/// The parts of an importance weight log w = log p(x|z) + log p(z) - log q(z|x) on the thresholded code itself (docs/mathematics.md section 6.2 (ii)). A code is a mixture of an atom at zero and a density: an
/// active feature contributes log densities of the base variable at distance |z - mu| + threshold, an inactive one log P(inactive); the prior has mu = 0 and the prior's spread.
/// </summary>
internal static class LogImportanceWeight
{
    /// <summary>log N(x; xhat, s2 I) = -D/2 log(2 pi s2) - ||x - xhat||^2/(2 s2). With s2 = D beta/2 beta times the ELBO is minus the training loss, up to a constant.</summary>
    /// <param name="sample">x, [D].</param>
    /// <param name="reconstruction">xhat = A z or the generator's output, [D].</param>
    /// <param name="variance">s2, positive.</param>
    public static double LogLikelihood<T>(ReadOnlySpan<T> sample, ReadOnlySpan<T> reconstruction, double variance) where T : INumber<T>
    {
        RowMajor.RequireLength(reconstruction, sample.Length, nameof(reconstruction));
        double squaredError = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            double error = double.CreateTruncating(sample[i]) - double.CreateTruncating(reconstruction[i]);
            squaredError += error * error;
        }
        return -0.5 * (sample.Length * Math.Log(2 * Math.PI * variance) + squaredError / variance);
    }

    /// <summary>log p(z) - log q(z|x) of one input's codes under a fixed threshold.</summary>
    /// <param name="family">Family of the base sample.</param>
    /// <param name="codes">z, [K, d]; exact zeros are inactive.</param>
    /// <param name="means">mu of the posterior, [d].</param>
    /// <param name="logSpreads">h of the posterior, [d].</param>
    /// <param name="priorSpread">Variance (Gaussian) or scale (Laplacian) of the prior.</param>
    /// <param name="threshold">l, at least 0. With 0 there is no atom at zero and every feature is active.</param>
    /// <returns>[K].</returns>
    public static double[] LogCodeRatio<T>(
        BaseFamily family, ReadOnlySpan<T> codes, ReadOnlySpan<T> means, ReadOnlySpan<T> logSpreads, double priorSpread, double threshold) where T : INumber<T>
    {
        double[] inactive = new double[means.Length];
        if (threshold != 0)
            for (int i = 0; i < inactive.Length; i++) inactive[i] = LogInactiveRatio(family, double.CreateTruncating(logSpreads[i]), priorSpread, threshold);
        double[] ratios = NewRatios(codes, means, logSpreads);
        for (int k = 0; k < ratios.Length; k++)
            for (int i = 0; i < means.Length; i++)
            {
                double code = double.CreateTruncating(codes[k * means.Length + i]);
                ratios[k] += code == 0 && threshold != 0
                    ? inactive[i]
                    : LogActiveRatio(family, code, double.CreateTruncating(means[i]), double.CreateTruncating(logSpreads[i]), priorSpread, threshold);
            }
        return ratios;
    }

    /// <summary>log p(z|l) - log q(z|x, l) of one input's codes under drawn thresholds; add <see cref="LogThresholdRatio"/> for the full ratio.</summary>
    /// <param name="family">Family of the base sample.</param>
    /// <param name="codes">z, [K, d]; exact zeros are inactive.</param>
    /// <param name="means">mu of the posterior, [d].</param>
    /// <param name="logSpreads">h of the posterior, [d].</param>
    /// <param name="priorSpread">Variance (Gaussian) or scale (Laplacian) of the prior.</param>
    /// <param name="thresholds">l of each sample, [K, d], positive.</param>
    /// <returns>[K].</returns>
    public static double[] LogCodeRatio<T>(
        BaseFamily family, ReadOnlySpan<T> codes, ReadOnlySpan<T> means, ReadOnlySpan<T> logSpreads, double priorSpread, ReadOnlySpan<T> thresholds) where T : INumber<T>
    {
        RowMajor.RequireLength(thresholds, codes.Length, nameof(thresholds));
        double[] ratios = NewRatios(codes, means, logSpreads);
        for (int k = 0; k < ratios.Length; k++)
            for (int i = 0; i < means.Length; i++)
            {
                double code = double.CreateTruncating(codes[k * means.Length + i]), threshold = double.CreateTruncating(thresholds[k * means.Length + i]);
                double logSpread = double.CreateTruncating(logSpreads[i]);
                ratios[k] += code == 0
                    ? LogInactiveRatio(family, logSpread, priorSpread, threshold)
                    : LogActiveRatio(family, code, double.CreateTruncating(means[i]), logSpread, priorSpread, threshold);
            }
        return ratios;
    }

    /// <summary>log p(l) - log q(l|x) of one input's drawn thresholds: prior Gamma(alpha0, rate beta0), posterior Gamma(alpha, rate beta).</summary>
    /// <param name="thresholds">l, [K, d], positive.</param>
    /// <param name="shapes">alpha, [d].</param>
    /// <param name="rates">beta, [d].</param>
    /// <param name="priorShape">alpha0; the paper's 3.</param>
    /// <param name="priorRate">beta0; the paper's 3/l0.</param>
    /// <returns>[K].</returns>
    public static double[] LogThresholdRatio<T>(
        ReadOnlySpan<T> thresholds, ReadOnlySpan<T> shapes, ReadOnlySpan<T> rates, double priorShape, double priorRate) where T : INumber<T>
    {
        double[] ratios = NewRatios(thresholds, shapes, rates);
        double logPriorNormaliser = priorShape * Math.Log(priorRate) - LogGamma(priorShape), logNormaliser = 0;
        for (int i = 0; i < shapes.Length; i++)
        {
            double shape = double.CreateTruncating(shapes[i]), rate = double.CreateTruncating(rates[i]);
            logNormaliser += logPriorNormaliser - shape * Math.Log(rate) + LogGamma(shape);
            for (int k = 0; k < ratios.Length; k++)
            {
                double threshold = double.CreateTruncating(thresholds[k * shapes.Length + i]);
                ratios[k] += (priorShape - shape) * Math.Log(threshold) - (priorRate - rate) * threshold;
            }
        }
        for (int k = 0; k < ratios.Length; k++) ratios[k] += logNormaliser;
        return ratios;
    }

    private static double[] NewRatios<T>(ReadOnlySpan<T> codes, ReadOnlySpan<T> means, ReadOnlySpan<T> logSpreads)
    {
        RowMajor.RequireLength(logSpreads, means.Length, nameof(logSpreads));
        return new double[RowMajor.Rows(codes, means.Length, nameof(codes))];
    }

    private static double LogActiveRatio(BaseFamily family, double code, double mean, double logSpread, double priorSpread, double threshold)
    {
        double priorDistance = Math.Abs(code) + threshold, distance = Math.Abs(code - mean) + threshold;
        double inverseSpread = Math.Exp(-logSpread), logSpreadRatio = logSpread - Math.Log(priorSpread);
        return family == BaseFamily.Laplacian
            ? logSpreadRatio - priorDistance / priorSpread + distance * inverseSpread
            : 0.5 * (logSpreadRatio - priorDistance * priorDistance / priorSpread + distance * distance * inverseSpread);
    }

    private static double LogInactiveRatio(BaseFamily family, double logSpread, double priorSpread, double threshold) =>
        LogInactive(family, priorSpread, threshold) - LogInactive(family, Math.Exp(logSpread), threshold);

    /// <summary>log P(|s - mu| &lt;= l): 1 - exp(-l/b), or erf(l/(sigma sqrt 2)).</summary>
    private static double LogInactive(BaseFamily family, double spread, double threshold) => family == BaseFamily.Laplacian
        ? LogOneMinusExp(threshold / spread)
        : LogErf(threshold / Math.Sqrt(2 * spread));

    /// <summary>log(1 - exp(-a)), a > 0, for tiny and for large a.</summary>
    private static double LogOneMinusExp(double a) => a < 0.6931 ? Math.Log(-ExpM1(-a)) : LogP1(-Math.Exp(-a));
}
