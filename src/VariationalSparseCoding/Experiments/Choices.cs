namespace VariationalSparseCoding.Experiments;

/// <summary>Where the paper's equations and the authors' published code disagree, a preset of options chooses a side.</summary>
public enum Fidelity
{
    /// <summary>The paper's equations, with their errors corrected.</summary>
    Equations,
    /// <summary>What the authors' code computes: needed to get the published numbers.</summary>
    Published,
}

/// <summary>How codes are inferred, and with which distribution.</summary>
public enum PosteriorFamily
{
    /// <summary>No distribution: codes minimise the sparse-coding objective (eq. 10).</summary>
    None,
    /// <summary>Gaussian base distribution; the log-scale head is a log variance.</summary>
    Gaussian,
    /// <summary>Laplacian base distribution; the log-scale head is log b.</summary>
    Laplacian,
    /// <summary>Concrete spike times Gaussian slab (Tonolini et al., 2020).</summary>
    SpikeAndSlab,
}

/// <summary>What the base samples are thresholded with.</summary>
public enum ThresholdKind
{
    /// <summary>Samples are used as they are.</summary>
    None,
    /// <summary>One threshold for every feature.</summary>
    Fixed,
    /// <summary>A threshold per input and feature with a Gamma posterior and prior.</summary>
    Gamma,
}

/// <summary>How gradients pass the threshold, or the spike.</summary>
public enum GradientEstimator
{
    /// <summary>The forward pass is thresholded (rounded), the backward pass goes round it: eq. (4).</summary>
    StraightThrough,
    /// <summary>The subgradient of the shifted soft-threshold: appendix C. Thresholded families only.</summary>
    Subgradient,
    /// <summary>The relaxed spike itself is used (Gumbel-softmax): codes are not sparse. Spike-and-slab only.</summary>
    GumbelSoftmax,
    /// <summary>The straight-through estimator averaged over draws that share their rounded spike (Paulus et al., 2021). Spike-and-slab only.</summary>
    GumbelRao,
}

/// <summary>Derivative of a thresholded sample by its shift under the straight-through estimator.</summary>
public enum ShiftGradient
{
    /// <summary>1, as eq. (4) says.</summary>
    One,
    /// <summary>2 on active features and 1 elsewhere, as the published code computes (SPEC section 9, row 5).</summary>
    OnePlusActive,
}

/// <summary>The noise scale of the Laplacian under the subgradient estimator.</summary>
public enum SubgradientScale
{
    /// <summary>w b, as in the straight-through estimator.</summary>
    Scale,
    /// <summary>b squared and no warm-up, as the published code computes (SPEC section 9, row 6).</summary>
    SquaredScale,
}

/// <summary>Where the inference network's heads begin.</summary>
public enum InitialHeads
{
    /// <summary>PyTorch's default of linear layers, as published: shifts near 0, and scales near 1 whatever the prior's.</summary>
    UniformByFanIn,
    /// <summary>The posterior of every input begins near the prior: biases are the prior's parameters, weights a hundredth of the default. A prior much narrower than 1 needs it.</summary>
    Prior,
}

/// <summary>What a learned threshold's Gamma prior has in common with the fixed threshold l0 (SPEC section 12).</summary>
public enum GammaPriorMatch
{
    /// <summary>Its mean, as published. It keeps more features active than a fixed l0: with shape 3, 16% (l0 = 0.25, b0 = 0.1) and 21% (l0 = 0.52, s0^2 = 0.1).</summary>
    Threshold,
    /// <summary>The fraction of features that the prior keeps active: its mean is raised to <see cref="Posteriors.GammaPrior.MeanOfEqualActivity"/>.</summary>
    ActiveFraction,
}

/// <summary>How the spike head becomes the probability of an active feature.</summary>
public enum SpikeLogit
{
    /// <summary>gamma = sigmoid(head); a feature is active with probability gamma.</summary>
    LogOdds,
    /// <summary>gamma = exp(-relu(-head)), drawn with probability gamma / (1 + gamma), as the published code does (SPEC section 9, row 9).</summary>
    LogProbability,
}

/// <summary>The prior that the codes' KL is taken to (SPEC section 3.7).</summary>
public enum PriorKind
{
    /// <summary>The family's member with shift 0 and a given spread: the paper's.</summary>
    Fixed,
    /// <summary>VampPrior: the mixture of the posteriors of trained pseudo-inputs, joint over features (Tomczak and Welling, 2018).</summary>
    Vamp,
    /// <summary>The posterior of one trained pseudo-input, picked for each input by a classifier network.</summary>
    Clf,
}

/// <summary>How J samples of an input are combined (SPEC section 4).</summary>
public enum SampleSelection
{
    /// <summary>The sample with the lowest loss: eq. (9).</summary>
    Max,
    /// <summary>All samples alike: eq. (7).</summary>
    Average,
    /// <summary>Importance weights (Burda et al., 2016).</summary>
    Iwae,
}

/// <summary>What the importance weights are made of.</summary>
public enum ImportanceWeights
{
    /// <summary>p(x|z) p(z) / q(z|x) on the thresholded code: the IWAE bound (SPEC section 6.2).</summary>
    Bound,
    /// <summary>The softmax of the negative losses, with the gradient through it, as the published code computes (SPEC section 9, row 15).</summary>
    SoftmaxOfLoss,
}

/// <summary>Where tensors live.</summary>
public enum ComputeDevice
{
    /// <summary>The processor.</summary>
    Cpu,
    /// <summary>An NVIDIA GPU; needs the libtorch-cuda package. Not tested by this project.</summary>
    Cuda,
}

/// <summary>What the inference network's matrix products are computed in; weights, losses, noise and sums stay in float32.</summary>
public enum ComputePrecision
{
    /// <summary>float32.</summary>
    Fp32,
    /// <summary>bfloat16, on processors that multiply it.</summary>
    Bf16,
}

/// <summary>The map from codes to samples.</summary>
public enum GeneratorKind
{
    /// <summary>A dictionary, x = A z: the paper's section 4.1.</summary>
    Linear,
    /// <summary>Transposed convolutions, for images of 28 x 28 or 64 x 64: the paper's section 4.2.</summary>
    Convolutional,
}

/// <summary>The body of the inference network, before its heads.</summary>
public enum BackboneKind
{
    /// <summary>Fully connected layers D-2D-4D-2D-D (Table 3).</summary>
    Mlp,
    /// <summary>Convolutions, for images of 28 x 28 (Table 5) or 64 x 64 (Table 4).</summary>
    Convolutional,
    /// <summary>ResNet-18 without its classifier (He et al., 2016), for images of at least 32 x 32 pixels.</summary>
    Resnet18,
}

/// <summary>What a deep generator's batch normalisation takes its statistics from while it is trained (SPEC section 2.3).</summary>
public enum BatchNormStatistics
{
    /// <summary>All B J samples, also those that are not selected, as published: all J are differentiated.</summary>
    All,
    /// <summary>The selected samples: the others are screened without gradients.</summary>
    Selected,
}
