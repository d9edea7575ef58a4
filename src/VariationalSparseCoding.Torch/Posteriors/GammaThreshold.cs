using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>A learned threshold l ~ Gamma(alpha, beta) with prior Gamma(alpha0, alpha0/m) (docs/mathematics.md sections 3.4 and 3.7).</summary>
/// <param name="priorShape">alpha0.</param>
/// <param name="priorMean">m; see <see cref="GammaPrior"/>.</param>
internal sealed class GammaThreshold(double priorShape, double priorMean)
{
    // The exponentials are clamped, not their logarithms (docs/mathematics.md section 9, row 11).
    private const double Smallest = 1e-6, Largest = 1e6;

    /// <summary>alpha or beta from its head: clip(exp(head), 1e-6, 1e6).</summary>
    /// <param name="head">log alpha or log beta.</param>
    public static Tensor Positive(Tensor head) => head.exp().Within(Smallest, Largest);

    /// <summary>The heads that give the prior: log alpha0 and log beta0, scalars of float64.</summary>
    public (Tensor LogShape, Tensor LogRate) Prior => (tensor(Math.Log(priorShape)), tensor(Math.Log(priorShape / priorMean)));

    /// <summary>Draws of Gamma(alpha, 1), [B, J, d].</summary>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="firstRow">Number of the batch's first row.</param>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="samples">J.</param>
    public static Tensor Draw(NoiseKey key, int firstRow, HeadTensors heads, int samples)
    {
        using var shapes = OnProcessor(Positive(heads.LogShape!));
        int rows = (int)shapes.shape[0], features = (int)shapes.shape[1], threads = get_num_threads();
        return TensorMemory.Filled([rows, samples, features], shapes.dtype, heads.LogShape!.device,
            span => GammaVariate.Draw(key, firstRow, rows, samples, features, shapes.Span<float>(), span, threads),
            span => GammaVariate.Draw(key, firstRow, rows, samples, features, shapes.Span<double>(), span, threads));
    }

    /// <summary>The drawn thresholds l = g / beta, [B, J, d].</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="draw">Draws of Gamma(alpha, 1).</param>
    public static Tensor Sample(HeadTensors heads, GammaDraw draw) => draw.Standard / Posterior.PerSample(Positive(heads.LogRate!));

    /// <summary>dl/dlog alpha = (dg/dalpha) alpha / beta and dl/dlog beta = -l; 0 where the exponential is clamped. [B, J, d] each.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="draw">Draws of Gamma(alpha, 1).</param>
    public static (Tensor ByLogShape, Tensor ByLogRate) Derivatives(HeadTensors heads, GammaDraw draw)
    {
        Tensor shape = heads.LogShape!.exp(), rate = heads.LogRate!.exp();
        return ((draw.ByShape ?? ByShape(heads, draw)) * Posterior.PerSample(Unclamped(shape) * shape / Positive(heads.LogRate!)),
            -Sample(heads, draw) * Posterior.PerSample(Unclamped(rate)));
    }

    /// <summary>
    /// KL(Gamma(alpha, beta) || Gamma(alpha0, beta0)) =
    /// (alpha - alpha0) psi(alpha) - log G(alpha) + log G(alpha0) + alpha0 (log beta - log beta0) + alpha (beta0 - beta)/beta, [B, d].
    /// </summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    public Tensor KullbackLeibler(HeadTensors heads)
    {
        Tensor shape = Positive(heads.LogShape!), rate = Positive(heads.LogRate!);
        double priorRate = priorShape / priorMean;
        return (shape.Minus(priorShape) * special.digamma(shape) - special.gammaln(shape)).Plus(SpecialFunctions.LogGamma(priorShape))
            .Plus(rate.log().Minus(Math.Log(priorRate)).Times(priorShape)).Plus(shape * (-rate).Plus(priorRate) / rate);
    }

    /// <summary>The drawn thresholds, through which gradients flow to both heads, [B, J, d].</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="draw">Draws of Gamma(alpha, 1).</param>
    public static Tensor Differentiable(HeadTensors heads, GammaDraw draw)
    {
        if (!is_grad_enabled()) return Sample(heads, draw);
        Tensor threshold, byLogShape, byLogRate;
        using (no_grad())
        {
            threshold = Sample(heads, draw);
            (byLogShape, byLogRate) = Derivatives(heads, draw);
        }
        Tensor logShape = Posterior.PerSample(heads.LogShape!), logRate = Posterior.PerSample(heads.LogRate!);
        return threshold.Plus(byLogShape * (logShape - logShape.detach())).Plus(byLogRate * (logRate - logRate.detach()));
    }

    /// <summary>log Gamma(l; alpha, beta) = alpha log beta - log G(alpha) + (alpha - 1) log l - beta l.</summary>
    /// <param name="threshold">l, above 0.</param>
    /// <param name="logShape">The head of log alpha, broadcast to the thresholds.</param>
    /// <param name="logRate">The head of log beta, broadcast to the thresholds.</param>
    public static Tensor LogDensity(Tensor threshold, Tensor logShape, Tensor logRate)
    {
        Tensor shape = Positive(logShape), rate = Positive(logRate);
        return (shape * rate.log() - special.gammaln(shape)).Plus(shape.Minus(1) * threshold.log()) - rate * threshold;
    }

    private static Tensor ByShape(HeadTensors heads, GammaDraw draw)
    {
        using var shapes = OnProcessor(Positive(heads.LogShape!));
        using var draws = OnProcessor(draw.Standard);
        int rows = (int)draws.shape[0], samples = (int)draws.shape[1], features = (int)draws.shape[2], threads = get_num_threads();
        return TensorMemory.Filled(draws.shape, draws.dtype, draw.Standard.device,
            span => GammaDerivative.Fill(rows, samples, features, shapes.Span<float>(), draws.Span<float>(), span, threads),
            span => GammaDerivative.Fill(rows, samples, features, shapes.Span<double>(), draws.Span<double>(), span, threads));
    }

    private static Tensor OnProcessor(Tensor tensor) => tensor.detach().to(CPU).contiguous();

    private static Tensor Unclamped(Tensor value) => value.ge(Smallest.Number()).logical_and(value.le(Largest.Number())).to(value.dtype);
}
