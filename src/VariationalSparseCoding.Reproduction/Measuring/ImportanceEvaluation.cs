using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>The importance-weighted numbers of a trained model, means over samples (docs/mathematics.md section 6.2).</summary>
/// <param name="Bound">log (1/K) sum_k w_k in nats, w = p(x|z) p(z)/q(z|x) on the code itself, with the likelihood N(Az, D beta/2).</param>
/// <param name="BoundLoss">The same in the units of the training loss and without the likelihood's constant: -beta (bound + (D/2) log(pi D beta)).</param>
/// <param name="SoftmaxLoss">The published sum_k softmax_k(-l_k) l_k of training losses l.</param>
internal sealed record ImportanceEvaluation(double Bound, double BoundLoss, double SoftmaxLoss)
{
    // Small enough for the processor's caches.
    private const int LargestTensor = 1 << 18;

    /// <summary>Draws K codes for each input and weighs them.</summary>
    /// <param name="model">A model with an inference network and a KL weight beta above 0.</param>
    /// <param name="samples">Preprocessed samples.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="count">K.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static ImportanceEvaluation Of(SparseCodingModel model, ISampleSet samples, NoiseKey key, int count, CancellationToken cancellationToken)
    {
        using var gradientOff = no_grad();
        // The ratios of densities are the tensor library's.
        using var copy = model is TorchModel ? null : ModelCopies.InTensors(model);
        var tensors = copy ?? (TorchModel)model;
        double klWeight = model.Experiment.Objective.KlWeight, bounds = 0, softmaxLosses = 0;
        int batchSize = Math.Clamp(LargestTensor / (count * Math.Max(model.Experiment.Generator.Atoms, samples.Dimension)), 1, 1000);
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int rows = Math.Min(batchSize, samples.Count - first);
            var (logWeights, losses) = Weigh(tensors, tensors.Batch(samples.Rows(first, rows), samples.Dimension), key, first, count);
            bounds += ImportanceWeighting.Bound<float>(Values(logWeights), count).Sum();
            softmaxLosses += ImportanceWeighting.SoftmaxWeightedLoss<float>(Values(losses), count).Sum();
        }
        double bound = bounds / samples.Count;
        return new(bound, -klWeight * (bound + Selection.LogNormaliser(samples.Dimension, klWeight)), softmaxLosses / samples.Count);
    }

    /// <summary>log w and the training losses of K draws for each input, [B, K] each.</summary>
    private static (Tensor LogWeights, Tensor Losses) Weigh(TorchModel model, Tensor batch, NoiseKey key, int firstRow, int count)
    {
        var anneal = AnnealedWeights.Evaluation;
        double klWeight = model.Experiment.Objective.KlWeight;
        var heads = model.Network.forward(batch);
        var noise = model.Noise.Draw(key, firstRow, heads, count);
        var prior = model.Prior.For(batch, noise, anneal);
        var reconstruction = model.Generator.SquaredErrors(batch, model.Posterior.Sample(heads, noise, anneal));
        var ratio = TrainingObjective.LogRatio(model, prior, heads, noise, anneal);
        var logWeights = ElboTerms.Losses(reconstruction, ratio, klWeight).Over(-klWeight).Minus(Selection.LogNormaliser(batch.shape[1], klWeight));
        return (logWeights, ElboTerms.Losses(reconstruction, prior.Divergence(heads, noise, anneal), klWeight));
    }

    private static ReadOnlySpan<float> Values(Tensor values) => values.to(ScalarType.Float32, CPU).contiguous().Span<float>();
}
