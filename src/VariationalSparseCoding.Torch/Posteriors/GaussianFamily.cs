using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>N(mu, exp(h)) (docs/mathematics.md sections 3.3 and 3.7). No warm-up.</summary>
internal sealed class GaussianFamily : LocationScaleFamily
{
    public override Tensor Noise(NoiseBatch batch) => batch.Draw<NormalVariate>(NoiseStreams.Base);

    public override double GrowthByLogScale => 0.5;

    /// <summary>sigma e, sigma = exp(h/2).</summary>
    public override Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale) => logScale.Times(0.5).exp() * noise;

    /// <summary>KL(N(mu, exp(h)) || N(mu0, s0^2)) = 1/2 [((mu - mu0)^2 + e^h)/s0^2 - 1 - h + log s0^2], with h0 = log s0^2.</summary>
    public override Tensor KullbackLeibler(Tensor shift, Tensor logScale, Tensor priorShift, Tensor priorLogScale) =>
        (((shift - priorShift).Squared().Plus(logScale.exp()) / priorLogScale.exp()).Minus(1) - logScale).Plus(priorLogScale).Times(0.5);

    /// <summary>-1/2 [log 2 pi + h + distance^2 e^-h].</summary>
    public override Tensor LogDensity(Tensor distance, Tensor logScale) =>
        (distance.Squared() * (-logScale).exp()).Plus(logScale).Plus(Math.Log(2 * Math.PI)).Times(-0.5);

    /// <summary>log erf(l/(sigma sqrt 2)).</summary>
    public override Tensor LogInactiveProbability(Tensor logScale, Tensor threshold) =>
        special.erf((logScale.Times(-0.5).exp() * threshold).Over(Math.Sqrt(2))).log();

    /// <summary>2 (1 - Phi(l/sigma)).</summary>
    public override Tensor TailProbability(Tensor logScale, double threshold) =>
        special.erfc(logScale.Times(-0.5).exp().Times(threshold / Math.Sqrt(2)));

    /// <summary>E 2 (1 - Phi(l/sigma)), by quadrature.</summary>
    public override Tensor TailProbability(Tensor logScale, Tensor shape, Tensor rate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor shapes = OnProcessor(shape), scales = OnProcessor((shape / rate * logScale.Times(-0.5).exp()).Over(Math.Sqrt(2)));
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
