namespace VariationalSparseCoding.Experiments;

/// <summary>What the managed engine trains, said once.</summary>
internal static class ManagedSupport
{
    /// <summary>Names what an experiment asks for that the managed engine does not have; null if it trains the experiment.</summary>
    /// <param name="experiment">A valid experiment.</param>
    public static string? Missing(Experiment experiment) => experiment switch
    {
        { Generator.Kind: not GeneratorKind.Linear } => $"the generator '{ExperimentJson.Name(experiment.Generator.Kind)}'",
        _ when MethodTable.Find(experiment.Method)!.IsMapInference => null,
        { Compute.Device: not ComputeDevice.Cpu } => $"the device '{ExperimentJson.Name(experiment.Compute.Device)}'",
        { Compute.Precision: not ComputePrecision.Fp32 } => $"the precision '{ExperimentJson.Name(experiment.Compute.Precision)}'",
        { Prior.Kind: not PriorKind.Fixed } => $"the prior '{ExperimentJson.Name(experiment.Prior.Kind)}'",
        { Posterior.Estimator: not (GradientEstimator.StraightThrough or GradientEstimator.Subgradient) } => $"the estimator '{ExperimentJson.Name(experiment.Posterior.Estimator)}'",
        { Sampling.IsImportanceBound: true } => "the importance-weighted bound ('iwae' with the weights 'bound')",
        _ => null,
    };
}
