using static VariationalSparseCoding.Numerics.SpecialFunctions;

namespace VariationalSparseCoding.Tests.Metrics;

/// <summary>Divergences KL(posterior || prior) of one latent in closed form, in nats (docs/mathematics.md section 3.7, paper appendix A). Double precision, without autograd.</summary>
internal static class KullbackLeibler
{
    /// <summary>KL(N(mu, e^h) || N(0, s0^2)) = 1/2 [(mu^2 + e^h)/s0^2 - 1 - h + log s0^2].</summary>
    /// <param name="mean">mu.</param>
    /// <param name="logVariance">h, the log of the posterior's variance.</param>
    /// <param name="priorVariance">s0^2, positive.</param>
    public static double Gaussian(double mean, double logVariance, double priorVariance)
    {
        double logRatio = logVariance - Math.Log(priorVariance);
        return 0.5 * (mean * mean / priorVariance + ExpM1(logRatio) - logRatio);
    }

    /// <summary>KL(Laplace(mu, b) || Laplace(0, b0)) = |mu|/b0 + (b/b0) exp(-|mu|/b) + log(b0/b) - 1, with b = e^h.</summary>
    /// <param name="mean">mu.</param>
    /// <param name="logScale">h, the log of the posterior's scale b.</param>
    /// <param name="priorScale">b0, positive.</param>
    public static double Laplacian(double mean, double logScale, double priorScale)
    {
        double magnitude = Math.Abs(mean);
        double logRatio = logScale - Math.Log(priorScale);
        return magnitude / priorScale + ExpM1(logRatio - magnitude * Math.Exp(-logScale)) - logRatio;
    }

    /// <summary>KL(Cauchy(mu, g) || Cauchy(0, g0)) = log [((g + g0)^2 + mu^2) / (4 g g0)], with g = e^h (Chyzak and Nielsen, 2019).</summary>
    /// <param name="mean">mu.</param>
    /// <param name="logScale">h, the log of the posterior's scale g.</param>
    /// <param name="priorScale">g0, positive.</param>
    public static double Cauchy(double mean, double logScale, double priorScale)
    {
        // ((g + g0)^2 + mu^2) / (4 g g0) = 1 + ((g - g0)^2 + mu^2) / (4 g g0).
        double scale = Math.Exp(logScale), difference = scale - priorScale;
        return LogP1((difference * difference + mean * mean) / (4 * scale * priorScale));
    }

    /// <summary>
    /// KL(Gamma(alpha, rate beta) || Gamma(alpha0, rate beta0)) = (alpha - alpha0) psi(alpha) - log Gamma(alpha) + log Gamma(alpha0)
    /// + alpha0 (log beta - log beta0) + alpha (beta0 - beta)/beta.
    /// </summary>
    /// <param name="shape">alpha, positive.</param>
    /// <param name="rate">beta, positive.</param>
    /// <param name="priorShape">alpha0, positive.</param>
    /// <param name="priorRate">beta0, positive.</param>
    public static double Gamma(double shape, double rate, double priorShape, double priorRate) =>
        (shape - priorShape) * Digamma(shape) - LogGamma(shape) + LogGamma(priorShape)
        + priorShape * Math.Log(rate / priorRate) + shape * (priorRate - rate) / rate;

    /// <summary>KL(Bernoulli(g) || Bernoulli(g0)) = g log(g/g0) + (1 - g) log((1 - g)/(1 - g0)), with 0 log 0 = 0.</summary>
    /// <param name="probability">g in [0, 1].</param>
    /// <param name="priorProbability">g0 in (0, 1).</param>
    public static double Bernoulli(double probability, double priorProbability) =>
        (probability == 0 ? 0 : probability * Math.Log(probability / priorProbability))
        + (probability == 1 ? 0 : (1 - probability) * (LogP1(-probability) - LogP1(-priorProbability)));
}
