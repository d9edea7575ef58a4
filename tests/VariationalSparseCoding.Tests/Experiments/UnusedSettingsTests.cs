using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class UnusedSettingsTests
{
    [Theory]
    [InlineData("fista", "sampling.draws", "method 'fista' has no inference network and draws no codes")]
    [InlineData("fista", "posterior.priorSpread", "method 'fista' has no inference network and draws no codes")]
    [InlineData("fista", "objective.klWeight", "method 'fista' has no inference network and draws no codes")]
    [InlineData("laplacian", "posterior.thresholdValue", "method 'laplacian' has no threshold")]
    [InlineData("thresholded-laplacian", "posterior.gammaKlFactor", "method 'thresholded-laplacian' has no learned thresholds")]
    [InlineData("gaussian", "posterior.spikePrior", "method 'gaussian' has no spikes")]
    [InlineData("gaussian", "schedule.temperature.floor", "method 'gaussian' has no spikes")]
    [InlineData("laplacian", "posterior.shiftGradient", "only thresholded methods with the estimator 'straight-through' use it")]
    [InlineData("thresholded-laplacian", "posterior.subgradientScale", "only the estimator 'subgradient' uses it")]
    [InlineData("laplacian", "sampling.importanceWeights", "only the selection 'iwae' uses it")]
    [InlineData("laplacian", "prior.components", "the prior 'fixed' has no components")]
    [InlineData("laplacian", "schedule.classifierTemperature.floor", "only the prior 'clf' uses it")]
    [InlineData("topk", "sampling.draws", "method 'topk' is an autoencoder, which has no posterior and whose steps are Adam's")]
    [InlineData("gated", "schedule.momentum", "method 'gated' is an autoencoder, which has no posterior and whose steps are Adam's")]
    [InlineData("laplacian", "sparsity.active", "method 'laplacian' is not an autoencoder")]
    [InlineData("topk", "sparsity.active", null)]
    [InlineData("topk", "schedule.learningRate", null)]
    [InlineData("topk", "schedule.adam.beta1", null)]
    [InlineData("fista", "objective.lambda", null)]
    [InlineData("fista", "schedule.warmUp.start", null)]
    [InlineData("fista", "schedule.epochs", null)]
    [InlineData("laplacian", "sampling.draws", null)]
    [InlineData("thresholded-laplacian", "posterior.thresholdValue", null)]
    [InlineData("thresholded-laplacian", "posterior.shiftGradient", null)]
    [InlineData("thresholded-laplacian-gamma", "posterior.gammaKlFactor", null)]
    [InlineData("spike-and-slab", "posterior.spikePrior", null)]
    [InlineData("spike-and-slab", "schedule.temperature.floor", null)]
    public void A_setting_that_a_method_does_not_use_is_named_with_the_reason(string method, string path, string? reason) =>
        Assert.Equal(reason, UnusedSettings.ReasonOf(MethodTable.Find(method)!.Defaults(), path));

    [Fact]
    public void Another_choice_uses_them()
    {
        var defaults = MethodTable.Default.Defaults();
        var subgradient = defaults with { Posterior = defaults.Posterior with { Estimator = GradientEstimator.Subgradient } };
        Assert.Null(UnusedSettings.ReasonOf(subgradient, "posterior.subgradientScale"));
        Assert.NotNull(UnusedSettings.ReasonOf(subgradient, "posterior.shiftGradient"));
        Assert.Null(UnusedSettings.ReasonOf(defaults with { Sampling = new() { Selection = DrawSelection.Iwae } }, "sampling.importanceWeights"));
        Assert.Null(UnusedSettings.ReasonOf(defaults with { Prior = new() { Kind = PriorKind.Clf } }, "prior.components"));
        Assert.Null(UnusedSettings.ReasonOf(defaults with { Prior = new() { Kind = PriorKind.Clf } }, "schedule.classifierTemperature.floor"));
    }
}
