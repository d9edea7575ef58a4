using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// Forward and backward pass of an <see cref="InferenceNetwork"/> on the CPU in float32, by <see cref="MatrixProduct"/> into memory that is taken once:
/// no graph and no allocation. Each thread of a team does a part of each layer's columns, and of the rows of the weights' gradients.
/// The network stays the owner of the parameters.
/// </summary>
internal sealed class FusedEncoder : IFusedEncoder
{
    private readonly Layer[] backbone;
    private readonly Layer[] heads;
    private readonly ThreadTeam team;
    private readonly PaddedMatrix input;
    private readonly Action<int>[] forward, backward;
    private readonly Action<int> parameterGradients;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kinds">Its heads, in order of creation.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who will do the parts.</param>
    public FusedEncoder(InferenceNetwork network, IReadOnlyList<Head> kinds, int batchSize, ThreadTeam team)
    {
        using var _ = no_grad();
        this.team = team;
        input = new(batchSize, (int)network.BackboneLayers[0].weight!.shape[1]);
        backbone = [.. network.BackboneLayers.Select(layer => new Layer(layer, batchSize, team))];
        heads = [.. network.HeadLayers.Select(layer => new Layer(layer, batchSize, team))];
        Outputs = HeadTensors.From(kinds, head => heads[IndexOf(head)].Outputs.View);
        OutputGradients = HeadTensors.From(kinds, head => heads[IndexOf(head)].OutputGradients.View);
        Gradients = [.. backbone.Concat(heads).SelectMany(layer => new[] { layer.WeightGradient, layer.BiasGradient })];

        forward = [.. backbone.Select((layer, i) => (Action<int>)(part => layer.Forward(part, Features(i), rectified: true))), ForwardHeads];
        backward = [.. backbone.Select((_, i) => (Action<int>)(part => BackwardTo(i, part)))];
        parameterGradients = ParameterGradients;

        int IndexOf(Head head) => kinds.Index().First(pair => pair.Item == head).Index;
    }

    public Tensor Input => input.View;

    public HeadTensors Outputs { get; }

    public HeadTensors OutputGradients { get; }

    public IReadOnlyList<Tensor> Gradients { get; }

    public void Forward()
    {
        foreach (var layer in forward) team.Run(layer);
    }

    public void Backward()
    {
        for (int i = backward.Length - 1; i >= 0; i--) team.Run(backward[i]);
        team.Run(parameterGradients);
    }

    public void Dispose()
    {
        input.Dispose();
        foreach (var layer in backbone.Concat(heads)) layer.Dispose();
    }

    /// <summary>The inputs of a layer of the backbone, or of the heads.</summary>
    private PaddedMatrix Features(int layer) => layer == 0 ? input : backbone[layer - 1].Outputs;

    private void ForwardHeads(int part)
    {
        foreach (var head in heads) head.Forward(part, Features(backbone.Length), rectified: false);
    }

    /// <summary>Computes a part of the gradients by the outputs of a backbone's layer from those of what follows it.</summary>
    private void BackwardTo(int layer, int part)
    {
        var following = layer == backbone.Length - 1 ? heads : backbone.AsSpan(layer + 1, 1);
        for (int i = 0; i < following.Length; i++) following[i].InputGradients(part, backbone[layer].OutputGradients, accumulate: i > 0);
        backbone[layer].MaskByRelu(part);
    }

    private void ParameterGradients(int part)
    {
        for (int i = 0; i < backbone.Length; i++) backbone[i].ParameterGradients(part, Features(i));
        foreach (var head in heads) head.ParameterGradients(part, Features(backbone.Length));
    }

    /// <summary>A linear layer's buffers, and its products.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly ThreadTeam team;
        private readonly Tensor weight, bias;
        private readonly TensorRows weights, biases, weightGradients;
        private readonly int batchSize, inputs, outputs;

        public Layer(TorchSharp.Modules.Linear layer, int batchSize, ThreadTeam team)
        {
            (this.batchSize, this.team) = (batchSize, team);
            weight = layer.weight!.detach().DetachFromDisposeScope();
            bias = layer.bias!.detach().DetachFromDisposeScope();
            (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
            Outputs = new(batchSize, outputs);
            OutputGradients = new(batchSize, outputs);
            WeightGradient = zeros_like(weight).DetachFromDisposeScope();
            BiasGradient = zeros(outputs).DetachFromDisposeScope();
            (weights, biases, weightGradients) = (weight.Rows(), bias.Rows(), WeightGradient.Rows());
        }

        /// <summary>y, [B, outputs].</summary>
        public PaddedMatrix Outputs { get; }

        /// <summary>dL/dy, [B, outputs].</summary>
        public PaddedMatrix OutputGradients { get; }

        public Tensor WeightGradient { get; }

        public Tensor BiasGradient { get; }

        /// <summary>Some columns of y = x W^T + b, and the ReLU of it where there is one.</summary>
        public void Forward(int part, PaddedMatrix features, bool rectified)
        {
            var (first, count) = Columns(part, outputs);
            MatrixProduct.Multiply(
                features.Operand, weights.Operand.From(first).Transposed, Outputs.Operand.From(0, first), batchSize, count, inputs, biases.Operand.Repeated.From(0, first),
                rectified: rectified);
        }

        /// <summary>From some columns of the gradient of the ReLU's output to those of its input.</summary>
        public void MaskByRelu(int part)
        {
            var (first, count) = Columns(part, outputs);
            for (int row = 0; row < batchSize; row++) RowKernels.MaskByRelu(OutputGradients.Operand.From(0, first).Row(row, count), Outputs.Operand.From(0, first).Row(row, count));
        }

        /// <summary>Some columns of dL/dx = dL/dy W, written or added.</summary>
        public void InputGradients(int part, PaddedMatrix inputGradients, bool accumulate)
        {
            var (first, count) = Columns(part, inputs);
            var written = inputGradients.Operand.From(0, first);
            MatrixProduct.Multiply(OutputGradients.Operand, weights.Operand.From(0, first), written, batchSize, count, outputs, accumulate ? written : default);
        }

        /// <summary>Some rows of dL/dW = (dL/dy)^T x and of dL/db.</summary>
        public void ParameterGradients(int part, PaddedMatrix features)
        {
            int first = team.Bound(outputs, part), end = team.Bound(outputs, part + 1);
            MatrixProduct.Multiply(OutputGradients.Operand.Transposed.From(first), features.Operand, weightGradients.Operand.From(first), end - first, inputs, batchSize);
            RowKernels.SumRows(OutputGradients.Whole, first, BiasGradient.Span<float>()[first..end], OutputGradients.Stride);
        }

        public void Dispose()
        {
            foreach (var tensor in new[] { weight, bias, WeightGradient, BiasGradient }) tensor.Dispose();
            Outputs.Dispose();
            OutputGradients.Dispose();
        }

        /// <summary>A thread's share of columns: whole panels, but for the last.</summary>
        private (int First, int Count) Columns(int part, int columns)
        {
            int panels = (columns + MatrixProduct.PanelWidth - 1) / MatrixProduct.PanelWidth;
            int first = team.Bound(panels, part) * MatrixProduct.PanelWidth, end = Math.Min(columns, team.Bound(panels, part + 1) * MatrixProduct.PanelWidth);
            return (first, end - first);
        }
    }
}
