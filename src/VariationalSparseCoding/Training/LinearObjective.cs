using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>The loss of a batch and what it was made of. J' is 1 where one sample was selected before differentiating, else J.</summary>
/// <param name="Loss">The training loss, a scalar through which gradients flow.</param>
/// <param name="Codes">z, [B, J', d].</param>
/// <param name="Residuals">x - A z, [B, J', D].</param>
/// <param name="Weights">w, [B, J'].</param>
/// <param name="Reconstruction">(1/D)||x - A z||^2, [B, J'].</param>
/// <param name="Divergence">KL per input, [B].</param>
internal sealed record LinearObjectiveResult(Tensor Loss, Tensor Codes, Tensor Residuals, Tensor Weights, Tensor Reconstruction, Tensor Divergence)
{
    /// <summary>Loss, weighted squared error (mean over pixels), KL (not weighted by beta) and active fraction.</summary>
    public IReadOnlyList<double> Terms()
    {
        using var _ = no_grad();
        var values = stack([
            Loss.to(ScalarType.Float64),
            (Weights * Reconstruction).sum(1).to(ScalarType.Float64).mean(),
            Divergence.to(ScalarType.Float64).mean(),
            Codes.count_nonzero().to(ScalarType.Float64) / Codes.numel()]);
        return values.data<double>().ToArray();
    }
}

/// <summary>The training objective of the linear generator: eqs. (5) to (11) in the scale of SPEC sections 4 and 5.1.</summary>
internal static class LinearObjective
{
    /// <summary>Samples, scores and chooses; the result is ready to be differentiated.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="heads">The heads' outputs for x.</param>
    /// <param name="noise">The noise of J samples.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    public static LinearObjectiveResult Evaluate(SparseCodingModel model, Tensor batch, HeadTensors heads, PosteriorNoise noise, Anneal anneal)
    {
        var selection = model.Experiment.Sampling.Selection;
        // The KL does not depend on the sample, so the best sample is the one with the least reconstruction error, and only it is differentiated.
        if (selection == SampleSelection.Max && noise.Base.shape[1] > 1)
            noise = noise.Select(Screen(model, batch, heads, noise, anneal));

        var codes = model.Posterior!.Differentiable(heads, noise, anneal);
        var residuals = batch.unsqueeze(1) - model.Generator.Decode(codes);
        var reconstruction = ElboTerms.Reconstruction(residuals);
        var divergence = model.Posterior.KullbackLeibler(heads).sum(1);
        var losses = ElboTerms.Losses(reconstruction, divergence, model.Experiment.Objective.KlWeight);
        var weights = Selection.Weights(losses, selection);
        return new(Selection.Loss(losses, weights), codes, residuals, weights, reconstruction, divergence);
    }

    /// <summary>The index of each input's best sample, found without gradients, [B].</summary>
    private static Tensor Screen(SparseCodingModel model, Tensor batch, HeadTensors heads, PosteriorNoise noise, Anneal anneal)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var codes = model.Posterior!.Sample(heads, noise, anneal);
        return Selection.Best(ElboTerms.Reconstruction(batch.unsqueeze(1) - model.Generator.Decode(codes))).MoveToOuterDisposeScope();
    }
}
