using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Priors;

/// <summary>
/// The prior of the codes, p(s) of eq. (6). It may have parameters of its own, trained with the inference network. Learned thresholds keep their Gamma prior
/// under every kind: it is what holds the wanted sparsity, which no learned prior would.
/// </summary>
internal abstract class Prior : IDisposable
{
    /// <summary>Every parameter by its name, which starts with "prior."; the tensors are the prior's own.</summary>
    public virtual IReadOnlyList<(string Name, Tensor Value)> Parameters => [];

    /// <summary>Running statistics of batch normalisation by their names; the tensors are the prior's own.</summary>
    public virtual IReadOnlyList<(string Name, Tensor Value)> Buffers => [];

    /// <summary>Sets whether batch normalisation takes the statistics of its batch.</summary>
    /// <param name="isTraining">Whether it does.</param>
    public virtual void Train(bool isTraining) { }

    /// <summary>The prior as a batch meets it. What it computes belongs to the caller's dispose scope.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="noise">The random numbers of the batch.</param>
    /// <param name="anneal">The classifier's temperature.</param>
    public abstract IBatchPrior For(Tensor batch, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>Moves the parameters to a device.</summary>
    /// <param name="device">The device.</param>
    public virtual void To(Device device) { }

    public abstract void Dispose();

    /// <summary>The prior of an experiment with its initial parameters.</summary>
    /// <param name="experiment">A valid experiment of a variational method.</param>
    /// <param name="posterior">The variational family.</param>
    /// <param name="network">The inference network, which stays the caller's.</param>
    /// <param name="backbone">Makes another body like the inference network's, for a classifier.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="type">float32 or float64.</param>
    public static Prior Create(Experiment experiment, Posterior posterior, InferenceNetwork network, Func<Backbone> backbone, int inputSize, ScalarType type)
    {
        int components = experiment.Prior.Components;
        return experiment.Prior.Kind switch
        {
            PriorKind.Fixed => new FixedPrior(posterior),
            PriorKind.Vamp => new VampPrior(posterior, PseudoInputs()),
            _ => new ClassifierPrior(posterior, PseudoInputs(), new(backbone(), components, experiment.Seed)),
        };

        PseudoInputs PseudoInputs() => new(posterior, network, Initialisation.PseudoInputs(components, inputSize, experiment.Seed, type));
    }
}

/// <summary>A prior as a batch meets it.</summary>
internal interface IBatchPrior
{
    /// <summary>Whether <see cref="Divergence"/> differs between the samples of an input.</summary>
    bool DependsOnSample { get; }

    /// <summary>KL of the base distribution to the prior, summed over features, in nats; gradients flow.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers of the samples.</param>
    /// <param name="anneal">The temperature of relaxed spikes.</param>
    /// <returns>In closed form, [B]; or the estimate of each sample, [B, J].</returns>
    Tensor Divergence(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>log p of drawn latent variables, jointly over features, [B, J]; gradients flow.</summary>
    /// <param name="density">The draws' density.</param>
    Tensor LogDensity(LogDensity density);
}
