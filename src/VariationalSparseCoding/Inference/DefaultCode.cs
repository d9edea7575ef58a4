using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Inference;

/// <summary>
/// Which codes a model gives when no kind is named. They draw nothing: a code is a continuous function of its sample. Which kind is worth having was measured
/// (docs/mathematics.md section 3.8).
/// </summary>
internal static class DefaultCode
{
    private const double LeastShare = 0.01;

    /// <summary>
    /// Returns the kind: the posterior's mean where draws are dense, or where there is no dictionary to solve with; the MAP code on the dictionary where codes have exact
    /// zeros, since the mode of such a posterior is empty, activity being its noise, and the mean is dense.
    /// </summary>
    /// <param name="experiment">The model's description.</param>
    public static CodeKind KindOf(Experiment experiment)
    {
        var method = MethodTable.Find(experiment.Method)!;
        if (method.IsMapInference) return CodeKind.ConvergedFista;
        return RowPosterior.HasSparseCodes(experiment.Posterior) && experiment.Generator.Kind == GeneratorKind.Linear ? CodeKind.Map : CodeKind.Mean;
    }

    /// <summary>
    /// Returns the weight lambda' of <see cref="CodeKind.Map"/>: D beta / (2 b), by which the training's likelihood N(A z, D beta / 2) and a Laplacian of the prior's variance, of scale b,
    /// weigh 1/2 ||x - A z||^2 and ||z||_1. At most the experiment's lambda, so that no code is empty where the optimum is not, and at least a hundredth of it, where beta is 0.
    /// </summary>
    /// <param name="experiment">The model's description.</param>
    /// <param name="dimension">D.</param>
    public static double MapLambda(Experiment experiment, int dimension)
    {
        double scale = MethodTable.Find(experiment.Method)!.Family.LaplaceScale(experiment.Posterior.PriorSpread), lambda = experiment.Objective.Lambda;
        return Math.Clamp(dimension * experiment.Objective.KlWeight / (2 * scale), LeastShare * lambda, lambda);
    }
}
