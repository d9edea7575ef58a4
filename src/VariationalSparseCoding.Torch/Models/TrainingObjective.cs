using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Priors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Models;

/// <summary>The loss of a batch and what it was made of. J' is 1 where one sample was selected before differentiating, else J.</summary>
/// <param name="Loss">The training loss, a scalar through which gradients flow.</param>
/// <param name="Codes">z, [B, J', d].</param>
/// <param name="Residuals">x - xhat, [B, J', D].</param>
/// <param name="Weights">w, [B, J'].</param>
/// <param name="Reconstruction">(1/D)||x - xhat||^2, [B, J'].</param>
/// <param name="Divergence">KL of the input, [B], or of each sample, [B, J'].</param>
internal sealed record ObjectiveResult(Tensor Loss, Tensor Codes, Tensor Residuals, Tensor Weights, Tensor Reconstruction, Tensor Divergence)
{
    /// <summary>Loss, weighted squared error (mean over pixels), KL (not weighted by beta) and active fraction.</summary>
    public IReadOnlyList<double> Terms()
    {
        using var _ = no_grad();
        var values = stack([
            Loss.to(ScalarType.Float64),
            (Weights * Reconstruction).sum(1).to(ScalarType.Float64).mean(),
            (Divergence.dim() == 1 ? Divergence : (Weights * Divergence).sum(1)).to(ScalarType.Float64).mean(),
            Codes.count_nonzero().to(ScalarType.Float64).Over(Codes.numel())]);
        return values.data<double>().ToArray();
    }
}

/// <summary>The training objective: eqs. (5) to (11) in the scale of docs/mathematics.md sections 4 and 5. Only a linear generator's penalty is not in it.</summary>
internal static class TrainingObjective
{
    /// <summary>Samples, scores and chooses; the result is ready to be differentiated.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="heads">The heads' outputs for x.</param>
    /// <param name="noise">The noise of J samples.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    public static ObjectiveResult Evaluate(TorchModel model, Tensor batch, HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var sampling = model.Experiment.Sampling;
        double klWeight = KlWeight(model.Experiment, anneal);
        var prior = model.Prior.For(batch, noise, anneal);
        // Only the best sample is differentiated, unless the others are part of its batch normalisation.
        if (sampling.Selection == DrawSelection.Max && noise.Base.shape[1] > 1 && !model.Experiment.Generator.CouplesSamples)
            noise = noise.Select(Screen(model, prior, batch, heads, noise, anneal));

        var codes = model.Posterior.Differentiable(heads, noise, anneal);
        var residuals = batch.unsqueeze(1) - model.Generator.Decode(codes);
        var reconstruction = ElboTerms.Reconstruction(residuals);
        var divergence = Divergence(model, prior, heads, noise, anneal);
        var losses = ElboTerms.Losses(reconstruction, divergence, klWeight);
        var weights = Weights(model.Experiment, losses, anneal);
        var loss = sampling.IsImportanceBound ? Selection.BoundLoss(losses, klWeight, batch.shape[1]) : Selection.Loss(losses, weights);
        return new(loss, codes, residuals, weights, reconstruction, divergence);
    }

    /// <summary>The losses of codes up to a constant of each input, which is all that a selection asks for, [B, J].</summary>
    /// <param name="model">The model.</param>
    /// <param name="prior">The prior as the batch meets it.</param>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="heads">The heads' outputs for x.</param>
    /// <param name="noise">The noise that the codes were drawn with.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <param name="codes">z, [B, J, d].</param>
    public static Tensor Scores(TorchModel model, IBatchPrior prior, Tensor batch, HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal, Tensor codes)
    {
        var reconstruction = model.Generator.SquaredErrors(batch, codes);
        bool alike = !prior.DependsOnSample && !model.Experiment.Sampling.IsImportanceBound;
        return alike ? reconstruction
            : ElboTerms.Losses(reconstruction, Divergence(model, prior, heads, noise, anneal), KlWeight(model.Experiment, anneal));
    }

    /// <summary>The weights of samples under the experiment's selection, [B, J].</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="losses">Losses, or scores, [B, J].</param>
    /// <param name="anneal">The anneal that the losses were computed under.</param>
    public static Tensor Weights(Experiment experiment, Tensor losses, AnnealedWeights anneal) =>
        Selection.Weights(losses, experiment.Sampling.Selection, experiment.Sampling.IsImportanceBound ? KlWeight(experiment, anneal) : 1);

    /// <summary>The KL's weight beta as annealed.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="anneal">The anneal.</param>
    public static double KlWeight(Experiment experiment, AnnealedWeights anneal) => experiment.Objective.KlWeight * anneal.KlShare;

    /// <summary>The index of each input's best sample, found without gradients, [B].</summary>
    private static Tensor Screen(TorchModel model, IBatchPrior prior, Tensor batch, HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var codes = model.Posterior.Sample(heads, noise, anneal);
        return Selection.Best(Scores(model, prior, batch, heads, noise, anneal, codes)).MoveToOuterDisposeScope();
    }

    /// <summary>log q(z|x) - log p(z) of each code itself, [B, J]: the KL's part of an importance weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prior">The prior as the batch meets it.</param>
    /// <param name="heads">The heads' outputs for x.</param>
    /// <param name="noise">The noise that the codes were drawn with.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    public static Tensor LogRatio(TorchModel model, IBatchPrior prior, HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var density = model.Posterior.CodeDensity(heads, noise, anneal);
        return density(model.Posterior.Annealed(heads, anneal).Map(Posterior.PerSample)).sum(-1) - prior.LogDensity(density);
    }

    /// <summary>The ELBO's KL; for the importance-weighted bound log q(z|x) - log p(z) of each code, [B, J].</summary>
    private static Tensor Divergence(TorchModel model, IBatchPrior prior, HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal) =>
        model.Experiment.Sampling.IsImportanceBound ? LogRatio(model, prior, heads, noise, anneal) : prior.Divergence(heads, noise, anneal);
}
