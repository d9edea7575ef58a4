using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Inference;

/// <summary>
/// Which codes a model gives when no kind is named. They draw nothing: a code is a continuous function of its sample. Which kind is worth having was measured
/// (docs/mathematics.md section 3.8).
/// </summary>
internal static class DefaultCode
{
    /// <summary>
    /// The weight of <see cref="CodeKind.Map"/> is for no sample more than this share of the one from which on its code is 0: early in training atoms are short, and all codes would be.
    /// </summary>
    public const double MostOfSample = 0.5;

    private const double LeastShare = 0.01;

    /// <summary>
    /// Returns the kind: an autoencoder's own; the MAP code where there is a dictionary, and the posterior's mean where there is none to solve with. The mode of a posterior with thresholds or
    /// spikes is empty, activity being its noise; every mean is dense, and early in training explains less than the best of several draws.
    /// </summary>
    /// <param name="experiment">The model's description.</param>
    public static CodeKind KindOf(Experiment experiment) =>
        experiment.Generator.Kind != GeneratorKind.Linear ? CodeKind.Mean
        : MethodTable.Find(experiment.Method)!.IsMapInference ? CodeKind.ConvergedFista
        : MethodTable.Find(experiment.Method)!.Gate is not null ? CodeKind.Encoder
        : CodeKind.Map;

    /// <summary>
    /// Returns the weight lambda' of <see cref="CodeKind.Map"/>: D beta / (2 b), by which the training's likelihood N(A z, D beta / 2) and a Laplacian of the prior's variance, of scale b,
    /// weigh 1/2 ||x - A z||^2 and ||z||_1. At most the experiment's lambda, so that no code is empty where the optimum is not, and at least a hundredth of it, where beta is 0.
    /// </summary>
    /// <param name="experiment">The model's description.</param>
    /// <param name="dimension">D.</param>
    public static double MapLambda(Experiment experiment, int dimension)
    {
        // Without likelihood and prior there is nothing but the objective's own weight.
        if (MethodTable.Find(experiment.Method)!.Gate is not null) return experiment.Objective.Lambda;
        double scale = MethodTable.Find(experiment.Method)!.Family.LaplaceScale(experiment.Posterior.PriorSpread), lambda = experiment.Objective.Lambda;
        return Math.Clamp(dimension * experiment.Objective.KlWeight / (2 * scale), LeastShare * lambda, lambda);
    }
}
