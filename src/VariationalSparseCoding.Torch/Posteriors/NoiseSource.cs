using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>Draws the noise of a posterior from counter-based random numbers: equal keys, rows and samples give equal noise, whatever else is drawn.</summary>
/// <param name="posterior">The posterior.</param>
/// <param name="options">Its options.</param>
/// <param name="choices">Number of components among which a prior chooses, K; 0 where it does not.</param>
internal sealed class NoiseSource(Posterior posterior, PosteriorOptions options, int choices = 0)
{
    private const int RoundingStream = 2, ComponentStream = 101;

    /// <summary>The noise of J samples of a batch.</summary>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="firstRow">Number of the batch's first row.</param>
    /// <param name="heads">The heads' outputs, [B, d] each, for shape, type and device; a learned threshold's draw depends on its shape parameter.</param>
    /// <param name="samples">J.</param>
    public PosteriorNoise Draw(NoiseKey key, int firstRow, HeadTensors heads, int samples)
    {
        var batch = new NoiseBatch(key, firstRow, samples, heads.Shift);
        int rows = (int)heads.Shift.shape[0];
        return new(posterior.BaseNoise(batch),
            options.Family.HasSpikes ? batch.Draw<UniformVariate>(NoiseStreams.Spike) : null,
            options.Threshold == ThresholdKind.Gamma ? new(GammaThreshold.Draw(key, firstRow, heads, samples)) : null,
            options.Estimator == GradientEstimator.GumbelRao
                ? stack([.. Enumerable.Range(0, SpikeAndSlabPosterior.RaoDraws).Select(draw => batch.Draw<UniformVariate>(RoundingStream + draw))], -1)
                : null,
            choices == 0 ? null : TensorMemory.Filled([rows, choices], heads.Shift.dtype, heads.Shift.device,
                span => CounterNoise.FillUniform(key, ComponentStream, firstRow, rows, 1, choices, span),
                span => CounterNoise.FillUniform(key, ComponentStream, firstRow, rows, 1, choices, span)));
    }
}
