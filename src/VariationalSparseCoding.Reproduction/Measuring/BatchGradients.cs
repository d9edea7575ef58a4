using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>The gradients that a training step would follow, without the step: in closed form where the managed engine has the model, else by autograd.</summary>
internal sealed class BatchGradients : IDisposable
{
    private readonly SparseCodingModel model;
    private readonly LinearStep? step;

    /// <summary>Creates the buffers.</summary>
    /// <param name="model">A model with a dictionary and an inference network.</param>
    public BatchGradients(SparseCodingModel model)
    {
        this.model = model;
        if (model is ManagedModel managed)
        {
            step = new(model.Experiment, managed.Parameters, EncoderPass.Create);
            NetworkSize = managed.Parameters.Network!.Parameters.Sum(parameter => parameter.Value.All.Length);
        }
        else NetworkSize = (int)((TorchModel)model).Network.parameters().Sum(parameter => parameter.numel());
    }

    /// <summary>Number of the inference network's parameters.</summary>
    public int NetworkSize { get; }

    /// <summary>Size of the dictionary, D d.</summary>
    public int DictionarySize => model.Dimension * model.Atoms;

    /// <summary>Differentiates the loss of a batch.</summary>
    /// <param name="batch">x, [B, D], of the experiment's batch size.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">The annealed weights.</param>
    /// <param name="network">Receives the gradient of the training loss by the inference network's parameters, one after the other.</param>
    /// <param name="dictionary">Receives (1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T, [D, d].</param>
    public void Compute(ReadOnlySpan<float> batch, NoiseKey key, AnnealedWeights anneal, Span<float> network, Span<float> dictionary)
    {
        if (step is null) ComputeTensors((TorchModel)model, batch, key, anneal, network, dictionary);
        else
        {
            step.Differentiate(batch, key, anneal);
            foreach (var gradient in step.Gradients)
            {
                gradient.All.CopyTo(network);
                network = network[gradient.All.Length..];
            }
            step.DictionaryDirection.All.CopyTo(dictionary);
        }
    }

    public void Dispose() => step?.Dispose();

    private static void ComputeTensors(TorchModel model, ReadOnlySpan<float> batch, NoiseKey key, AnnealedWeights anneal, Span<float> network, Span<float> dictionary)
    {
        using var scope = NewDisposeScope();
        var x = model.Batch(batch, model.Dimension);
        var heads = model.Network.forward(x);
        var result = TrainingObjective.Evaluate(model, x, heads, model.Noise.Draw(key, 0, heads, model.Experiment.Sampling.Draws), anneal);
        Copy(autograd.grad([result.Loss], model.Network.parameters().ToArray()), network);
        Copy([model.Linear.AscentDirection(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), penalty: 0).detach()], dictionary);
    }

    private static void Copy(IEnumerable<Tensor> gradients, Span<float> destination)
    {
        foreach (var gradient in gradients)
        {
            gradient.to(ScalarType.Float32, CPU).contiguous().Span<float>().CopyTo(destination);
            destination = destination[(int)gradient.numel()..];
        }
    }
}
