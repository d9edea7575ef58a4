using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Posteriors;

/// <summary>N(mu, exp(h)) with prior N(0, s0^2) (SPEC sections 3.3 and 3.7). No warm-up.</summary>
/// <param name="priorVariance">s0^2.</param>
internal sealed class GaussianFamily(double priorVariance) : LocationScaleFamily
{
    public override double GrowthByLogScale => 0.5;

    /// <summary>sigma e, sigma = exp(h/2).</summary>
    public override Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale) => (logScale * 0.5).exp() * noise;

    public override Tensor KullbackLeibler(Tensor shift, Tensor logScale) => KullbackLeibler(shift, logScale, priorVariance);

    /// <summary>KL(N(mu, exp(h)) || N(0, s0^2)) = 1/2 [(mu^2 + e^h)/s0^2 - 1 - h + log s0^2].</summary>
    internal static Tensor KullbackLeibler(Tensor shift, Tensor logScale, double priorVariance) =>
        0.5 * ((shift * shift + logScale.exp()) / priorVariance - 1 - logScale + Math.Log(priorVariance));

    /// <summary>2 (1 - Phi(l/sigma)).</summary>
    public override Tensor TailProbability(Tensor logScale, double threshold) =>
        special.erfc((logScale * -0.5).exp() * (threshold / Math.Sqrt(2)));

    /// <summary>E 2 (1 - Phi(l/sigma)), by quadrature.</summary>
    public override Tensor TailProbability(Tensor logScale, Tensor shape, Tensor rate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor shapes = OnProcessor(shape), scales = OnProcessor(shape / rate * (logScale * -0.5).exp() / Math.Sqrt(2));
        var result = empty_like(shapes);
        unsafe
        {
            fixed (double* shapeStart = shapes.Span<double>(), scaleStart = scales.Span<double>(), start = result.Span<double>())
            {
                double* shapeNumbers = shapeStart, scaleNumbers = scaleStart, numbers = start;
                ParallelRanges.Run((int)shapes.numel(), get_num_threads(), (first, end) =>
                {
                    for (int i = first; i < end; i++) numbers[i] = GammaTail.MeanErfc(shapeNumbers[i], scaleNumbers[i]);
                });
            }
        }
        return result.to(shape.dtype, shape.device).MoveToOuterDisposeScope();

        static Tensor OnProcessor(Tensor tensor) => tensor.to(ScalarType.Float64, CPU).contiguous();
    }
}
