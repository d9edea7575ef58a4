namespace VariationalSparseCoding.Experiments;

/// <summary>
/// The limits of the managed engine, which trains a dictionary with an inference network of vectors on the processor in float32, where no automatic differentiation is
/// needed. Everything that asks whether it can, asks here.
/// </summary>
internal static class ManagedSupport
{
    /// <summary>Names the first setting for which the managed engine has no code.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <returns>Such as "the prior 'vamp'", to be put into a sentence; null if the managed engine trains the experiment.</returns>
    public static string? Missing(Experiment experiment)
    {
        var (generator, network, compute) = (experiment.Generator, experiment.Network, experiment.Compute);
        if (generator.Kind != GeneratorKind.Linear) return $"the generator '{ExperimentJson.Name(generator.Kind)}'";
        if (network.Backbone != BackboneKind.Mlp) return $"the backbone '{ExperimentJson.Name(network.Backbone)}'";
        if (compute.Device != ComputeDevice.Cpu) return $"the device '{ExperimentJson.Name(compute.Device)}'";
        if (compute.Precision != ComputePrecision.Fp32) return $"the precision '{ExperimentJson.Name(compute.Precision)}'";
        return MethodTable.Find(experiment.Method)!.IsVariational ? MissingOfPosterior(experiment) : null;
    }

    /// <summary>Names the first setting for which the managed engine has no model, so that it can neither hold the parameters nor draw codes: bf16 concerns only the products of the training step.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <returns>As of <see cref="Missing"/>; null if it has one.</returns>
    public static string? MissingOfModel(Experiment experiment) => Missing(experiment with { Compute = experiment.Compute with { Precision = ComputePrecision.Fp32 } });

    private static string? MissingOfPosterior(Experiment experiment)
    {
        var (prior, estimator, sampling) = (experiment.Prior.Kind, experiment.Posterior.Estimator, experiment.Sampling);
        if (prior != PriorKind.Fixed) return $"the prior '{ExperimentJson.Name(prior)}'";
        if (estimator is not (GradientEstimator.StraightThrough or GradientEstimator.Subgradient)) return $"the estimator '{ExperimentJson.Name(estimator)}'";
        return sampling.IsImportanceBound ? $"the selection '{ExperimentJson.Name(sampling.Selection)}' with the weights '{ExperimentJson.Name(sampling.ImportanceWeights)}'" : null;
    }
}
