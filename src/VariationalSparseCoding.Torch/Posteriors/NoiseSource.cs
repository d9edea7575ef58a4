using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>Draws the noise of a posterior from counter-based random numbers: equal keys, rows and samples give equal noise, whatever else is drawn.</summary>
/// <param name="options">The posterior.</param>
/// <param name="choices">Number of components among which a prior chooses, K; 0 where it does not.</param>
internal sealed class NoiseSource(PosteriorOptions options, int choices = 0)
{
    private const int RoundingStream = 2, ComponentStream = 101;

    /// <summary>The noise of J samples of a batch.</summary>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="firstRow">Number of the batch's first row.</param>
    /// <param name="heads">The heads' outputs, [B, d] each, for shape, type and device; a learned threshold's draw depends on its shape parameter.</param>
    /// <param name="samples">J.</param>
    public PosteriorNoise Draw(NoiseKey key, int firstRow, HeadTensors heads, int samples)
    {
        int rows = (int)heads.Shift.shape[0], features = (int)heads.Shift.shape[1];
        bool laplace = options.Family == PosteriorFamily.Laplacian, spike = options.Family == PosteriorFamily.SpikeAndSlab;
        long[] shape = [rows, samples, features];
        int threads = get_num_threads();
        var noise = TensorMemory.Filled(shape, heads.Shift.dtype, heads.Shift.device, Base, Base);
        return new(noise,
            spike ? Uniform(NoiseStreams.Spike, shape) : null,
            options.Threshold == ThresholdKind.Gamma ? new(GammaThreshold.Draw(key, firstRow, heads, samples)) : null,
            options.Estimator == GradientEstimator.GumbelRao
                ? stack([.. Enumerable.Range(0, SpikeAndSlabPosterior.RaoDraws).Select(draw => Uniform(RoundingStream + draw, shape))], -1)
                : null,
            choices == 0 ? null : TensorMemory.Filled([rows, choices], heads.Shift.dtype, heads.Shift.device,
                span => CounterNoise.FillUniform(key, ComponentStream, firstRow, rows, 1, choices, span),
                span => CounterNoise.FillUniform(key, ComponentStream, firstRow, rows, 1, choices, span)));

        void Base<T>(Span<T> span) where T : unmanaged
        {
            if (laplace) CounterNoise.FillLaplace(key, NoiseStreams.Base, firstRow, rows, samples, features, span, threads);
            else CounterNoise.FillNormal(key, NoiseStreams.Base, firstRow, rows, samples, features, span, threads);
        }

        Tensor Uniform(int stream, long[] size) => TensorMemory.Filled(size, heads.Shift.dtype, heads.Shift.device,
            span => CounterNoise.FillUniform(key, stream, firstRow, rows, samples, features, span, threads),
            span => CounterNoise.FillUniform(key, stream, firstRow, rows, samples, features, span, threads));
    }
}
