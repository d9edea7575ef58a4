using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>The gradients that a training step would follow, without the step: in closed form where <see cref="FusedStep"/> supports the model, else by autograd.</summary>
internal sealed class BatchGradients : IDisposable
{
    private readonly SparseCodingModel model;
    private readonly Tensor[] parameters;
    private readonly FusedStep? fused;

    /// <summary>Creates the buffers.</summary>
    /// <param name="model">A model with an inference network.</param>
    public BatchGradients(SparseCodingModel model)
    {
        this.model = model;
        parameters = [.. model.Network!.parameters()];
        fused = FusedStep.Supports(model) ? new(model) : null;
        NetworkSize = (int)parameters.Sum(parameter => parameter.numel());
    }

    /// <summary>Number of the inference network's parameters.</summary>
    public int NetworkSize { get; }

    /// <summary>Size of the dictionary, D d.</summary>
    public int DictionarySize => (int)model.Linear.Dictionary.numel();

    /// <summary>Differentiates the loss of a batch.</summary>
    /// <param name="batch">x, [B, D], of the experiment's batch size.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <param name="network">Receives the gradient of the training loss by the inference network's parameters, one after the other.</param>
    /// <param name="dictionary">Receives (1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T, [D, d].</param>
    public void Compute(Tensor batch, NoiseKey key, AnnealedWeights anneal, Span<float> network, Span<float> dictionary)
    {
        using var scope = NewDisposeScope();
        if (fused is not null)
        {
            fused.Differentiate(batch, key, anneal);
            Copy(fused.Gradients, network);
            Copy([fused.DictionaryDirections.Aggregate((sum, part) => sum + part)], dictionary);
            return;
        }
        var heads = model.Network!.forward(batch);
        var result = TrainingObjective.Evaluate(model, batch, heads, model.Noise!.Draw(key, 0, heads, model.Experiment.Sampling.Draws), anneal);
        Copy(autograd.grad([result.Loss], parameters), network);
        Copy([model.Linear.AscentDirection(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), penalty: 0).detach()], dictionary);
    }

    public void Dispose() => fused?.Dispose();

    private static void Copy(IEnumerable<Tensor> gradients, Span<float> destination)
    {
        foreach (var gradient in gradients)
        {
            gradient.to(ScalarType.Float32, CPU).contiguous().Span<float>().CopyTo(destination);
            destination = destination[(int)gradient.numel()..];
        }
    }
}
