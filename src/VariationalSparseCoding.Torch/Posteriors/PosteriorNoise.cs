using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>The random numbers behind J samples: an input of the sampler, so that a draw can be repeated, or handed in by a test.</summary>
/// <param name="Base">Standard normal (Gaussian, slab) or standard Laplace (Laplacian) variates, [B, J, d].</param>
/// <param name="Spike">Uniform variates in (0, 1) behind the spikes, [B, J, d]; spike-and-slab only.</param>
/// <param name="Threshold">Draws of learned thresholds; Gamma only.</param>
/// <param name="SpikeGivenRounding">Uniform variates in (0, 1), [B, J, d, K]; the Gumbel-Rao estimator only.</param>
/// <param name="Component">Uniform variates in (0, 1) behind the choice of a prior's component, [B, K], one for all samples of an input; the classifier's prior only.</param>
internal sealed record PosteriorNoise(Tensor Base, Tensor? Spike = null, GammaDraw? Threshold = null, Tensor? SpikeGivenRounding = null, Tensor? Component = null)
{
    /// <summary>The noise of one sample for each input.</summary>
    /// <param name="chosen">Index of the sample, [B], int64.</param>
    /// <returns>Noise with J = 1.</returns>
    public PosteriorNoise Select(Tensor chosen)
    {
        return new(Of(Base), Of(Spike), Threshold is null ? null : new(Of(Threshold.Standard), Of(Threshold.ByShape)), Of(SpikeGivenRounding), Component);

        [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(samples))]
        Tensor? Of(Tensor? samples) => samples?.OfEach(chosen).unsqueeze(1);
    }
}

/// <summary>A draw of Gamma(alpha, 1), and how it moves with alpha where that is given.</summary>
/// <param name="Standard">The draw g, [B, J, d], above 0.</param>
/// <param name="ByShape">dg/dalpha by implicit reparameterisation, [B, J, d]; without it, it is computed for the samples that are differentiated.</param>
internal sealed record GammaDraw(Tensor Standard, Tensor? ByShape = null);
