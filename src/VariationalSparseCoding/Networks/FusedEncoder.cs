using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// Forward and backward pass of an <see cref="InferenceNetwork"/> on the CPU in float32, by matrix products into tensors that are made once:
/// no graph and no allocation. The network stays the owner of the parameters.
/// </summary>
internal sealed class FusedEncoder : IDisposable
{
    private readonly Layer[] backbone;
    private readonly Layer[] heads;
    private readonly Tensor featureGradients;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kinds">Its heads, in order of creation.</param>
    /// <param name="batchSize">B.</param>
    public FusedEncoder(InferenceNetwork network, IReadOnlyList<Head> kinds, int batchSize)
    {
        using var _ = no_grad();
        backbone = [.. network.BackboneLayers.Select(layer => new Layer(layer, batchSize))];
        heads = [.. network.HeadLayers.Select(layer => new Layer(layer, batchSize))];
        Outputs = HeadTensors.From(kinds, head => heads[kinds.Index().First(pair => pair.Item == head).Index].Outputs);
        OutputGradients = HeadTensors.From(kinds, head => heads[kinds.Index().First(pair => pair.Item == head).Index].OutputGradients);
        featureGradients = backbone[^1].OutputGradients;
    }

    /// <summary>The heads' outputs after <see cref="Forward"/>, [B, d] each.</summary>
    public HeadTensors Outputs { get; }

    /// <summary>Where dL/d(head) is written before <see cref="Backward"/>, [B, d] each.</summary>
    public HeadTensors OutputGradients { get; }

    /// <summary>The parameters' gradients after <see cref="Backward"/>: weight and bias of the backbone's layers, then of the heads.</summary>
    public IReadOnlyList<Tensor> Gradients => [.. backbone.Concat(heads).SelectMany(layer => new[] { layer.WeightGradient, layer.BiasGradient })];

    /// <summary>Computes <see cref="Outputs"/>.</summary>
    /// <param name="input">x, [B, D].</param>
    public void Forward(Tensor input)
    {
        foreach (var layer in backbone) input = layer.Forward(input, rectified: true);
        foreach (var head in heads) head.Forward(input, rectified: false);
    }

    /// <summary>Computes <see cref="Gradients"/> from <see cref="OutputGradients"/>.</summary>
    /// <param name="input">x of the forward pass.</param>
    public void Backward(Tensor input)
    {
        foreach (var head in heads)
        {
            head.ParameterGradients(backbone[^1].Outputs);
            head.InputGradients(featureGradients, accumulate: head != heads[0]);
        }
        for (int i = backbone.Length - 1; i >= 0; i--)
        {
            var layer = backbone[i];
            RowKernels.MaskByRelu(layer.OutputGradients.Span<float>(), layer.Outputs.Span<float>());
            layer.ParameterGradients(i == 0 ? input : backbone[i - 1].Outputs);
            if (i > 0) layer.InputGradients(backbone[i - 1].OutputGradients, accumulate: false);
        }
    }

    public void Dispose()
    {
        foreach (var layer in backbone.Concat(heads)) layer.Dispose();
    }

    /// <summary>A linear layer's buffers, and its products.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly Tensor weight, weightTransposed, bias, outputGradientsTransposed;

        public Layer(TorchSharp.Modules.Linear layer, int batchSize)
        {
            weight = layer.weight!;
            bias = layer.bias!;
            weightTransposed = weight.detach().t().DetachFromDisposeScope();
            Outputs = zeros([batchSize, weight.shape[0]]).DetachFromDisposeScope();
            OutputGradients = zeros_like(Outputs).DetachFromDisposeScope();
            outputGradientsTransposed = OutputGradients.t().DetachFromDisposeScope();
            WeightGradient = zeros(weight.shape).DetachFromDisposeScope();
            BiasGradient = zeros(bias.shape).DetachFromDisposeScope();
        }

        /// <summary>y, [B, outputs].</summary>
        public Tensor Outputs { get; }

        /// <summary>dL/dy, [B, outputs].</summary>
        public Tensor OutputGradients { get; }

        public Tensor WeightGradient { get; }

        public Tensor BiasGradient { get; }

        /// <summary>y = x W^T + b, and the ReLU of it where there is one.</summary>
        public Tensor Forward(Tensor input, bool rectified)
        {
            Outputs.addmm_(input, weightTransposed, beta: 0);
            RowKernels.AddBias(Outputs.Span<float>(), bias.Span<float>(), rectified);
            return Outputs;
        }

        /// <summary>dL/dW = (dL/dy)^T x and dL/db.</summary>
        public void ParameterGradients(Tensor input)
        {
            WeightGradient.addmm_(outputGradientsTransposed, input, beta: 0);
            RowKernels.SumRows(OutputGradients.Span<float>(), BiasGradient.Span<float>());
        }

        /// <summary>dL/dx = dL/dy W, written or added.</summary>
        public void InputGradients(Tensor inputGradients, bool accumulate)
        {
            using var _ = no_grad();
            inputGradients.addmm_(OutputGradients, weight, beta: accumulate ? 1 : 0);
        }

        public void Dispose()
        {
            foreach (var tensor in new[] { weightTransposed, Outputs, OutputGradients, outputGradientsTransposed, WeightGradient, BiasGradient }) tensor.Dispose();
        }
    }
}
