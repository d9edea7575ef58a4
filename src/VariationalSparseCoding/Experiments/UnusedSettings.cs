namespace VariationalSparseCoding.Experiments;

/// <summary>Settings on which the result of an experiment does not depend, because its method does not use them.</summary>
internal static class UnusedSettings
{
    /// <summary>Returns why a setting has no effect; null if it has one.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <param name="path">The setting, such as "sampling.draws".</param>
    public static string? ReasonOf(Experiment experiment, string path)
    {
        var method = MethodTable.Find(experiment.Method)!;
        var posterior = experiment.Posterior;
        if (Is("generator.batchNorm") && experiment.Generator.Kind == GeneratorKind.Linear) return "a dictionary has no batch normalisation";
        if (method.IsMapInference)
            return Is("posterior.", "prior.", "sampling.", "sparsity.", "schedule.learningRate", "schedule.momentum", "schedule.klWarmUp.", "schedule.temperature.", "schedule.classifierTemperature.", "objective.klWeight")
                ? $"method '{method.Name}' has no inference network and draws no codes" : null;
        if (method.HasPosteriorGate)
        {
            if (Is("sparsity.gateNoiseEnd", "sampling.draws") && experiment.Sparsity.GateNoise == 0) return "without noise (sparsity.gateNoise) nothing is drawn";
            if (Is("posterior.thresholdValue") && posterior.Threshold != ThresholdKind.Fixed) return "only the threshold 'fixed' uses it";
            if (Is("posterior.threshold", "posterior.estimator", "sampling.draws")) return null;
        }
        else if (method.Gate is not null && Is("sparsity.gate", "sparsity.twoSided", "sparsity.softValues")) return $"method '{method.Name}' has no threshold around zero";
        if (method.Gate is not null)
            return Is("posterior.", "prior.", "sampling.", "network.", "schedule.momentum", "schedule.warmUp.", "schedule.klWarmUp.", "schedule.temperature.", "schedule.classifierTemperature.",
                "schedule.dictionaryStepDecay", "schedule.adam.weightDecay", "objective.klWeight", "objective.dictionaryPenalty", "generator.initialNorm")
                ? $"method '{method.Name}' is an autoencoder, which has no posterior and whose steps are Adam's" : null;
        if (Is("sparsity.")) return $"method '{method.Name}' is not an autoencoder";
        if (Is("posterior.thresholdValue") && method.Threshold == ThresholdKind.None) return $"method '{method.Name}' has no threshold";
        if (Is("posterior.gamma") && method.Threshold != ThresholdKind.Gamma) return $"method '{method.Name}' has no learned thresholds";
        if (Is("posterior.spike", "schedule.temperature.") && !method.Family.HasSpikes) return $"method '{method.Name}' has no spikes";
        if (Is("posterior.shiftGradient") && (method.Threshold == ThresholdKind.None || posterior.Estimator != GradientEstimator.StraightThrough))
            return "only thresholded methods with the estimator 'straight-through' use it";
        if (Is("posterior.subgradientScale") && posterior.Estimator != GradientEstimator.Subgradient) return "only the estimator 'subgradient' uses it";
        if (Is("sampling.importanceWeights") && experiment.Sampling.Selection != DrawSelection.Iwae) return "only the selection 'iwae' uses it";
        if (Is("prior.components") && experiment.Prior.Kind == PriorKind.Fixed) return "the prior 'fixed' has no components";
        return Is("schedule.classifierTemperature.") && experiment.Prior.Kind != PriorKind.Clf ? "only the prior 'clf' uses it" : null;

        bool Is(params ReadOnlySpan<string> beginnings)
        {
            foreach (string beginning in beginnings)
                if (path.StartsWith(beginning, StringComparison.Ordinal)) return true;
            return false;
        }
    }
}
