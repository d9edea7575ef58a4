using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// Forward and backward pass of an <see cref="InferenceNetwork"/> on the CPU in float32, by matrix products into tensors that are made once:
/// no graph and no allocation. Each thread of a team does a part: of the batch's rows up to the gradients of the layers' outputs, then of the weights' rows.
/// The network stays the owner of the parameters.
/// </summary>
internal sealed class FusedEncoder : IDisposable
{
    private readonly Layer[] backbone;
    private readonly Layer[] heads;
    private readonly RowParts input;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kinds">Its heads, in order of creation.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who will do the parts.</param>
    public FusedEncoder(InferenceNetwork network, IReadOnlyList<Head> kinds, int batchSize, ThreadTeam team)
    {
        using var _ = no_grad();
        input = new(batchSize, network.BackboneLayers[0].weight!.shape[1], team);
        backbone = [.. network.BackboneLayers.Select(layer => new Layer(layer, batchSize, team))];
        heads = [.. network.HeadLayers.Select(layer => new Layer(layer, batchSize, team))];
        Outputs = HeadTensors.From(kinds, head => heads[IndexOf(head)].Outputs.Whole);
        OutputGradients = HeadTensors.From(kinds, head => heads[IndexOf(head)].OutputGradients.Whole);
        Gradients = [.. backbone.Concat(heads).SelectMany(layer => new[] { layer.WeightGradient.Whole, layer.BiasGradient })];

        int IndexOf(Head head) => kinds.Index().First(pair => pair.Item == head).Index;
    }

    /// <summary>x, [B, D], to be set before <see cref="Forward"/>.</summary>
    public Tensor Input => input.Whole;

    /// <summary>The heads' outputs after <see cref="Forward"/>, [B, d] each.</summary>
    public HeadTensors Outputs { get; }

    /// <summary>Where dL/d(head) is written before <see cref="Backward"/>, [B, d] each.</summary>
    public HeadTensors OutputGradients { get; }

    /// <summary>The parameters' gradients after <see cref="ParameterGradients"/>: weight and bias of the backbone's layers, then of the heads.</summary>
    public IReadOnlyList<Tensor> Gradients { get; }

    /// <summary>Computes a part of the rows of <see cref="Outputs"/>.</summary>
    /// <param name="part">The part.</param>
    public void Forward(int part)
    {
        var features = input;
        foreach (var layer in backbone)
        {
            layer.Forward(part, features, rectified: true);
            features = layer.Outputs;
        }
        foreach (var head in heads) head.Forward(part, features, rectified: false);
    }

    /// <summary>Computes a part of the rows of all gradients by layers' outputs.</summary>
    /// <param name="part">The part.</param>
    public void Backward(int part)
    {
        for (int i = 0; i < heads.Length; i++) heads[i].InputGradients(part, backbone[^1].OutputGradients, accumulate: i > 0);
        for (int i = backbone.Length - 1; i >= 0; i--)
        {
            backbone[i].MaskByRelu(part);
            if (i > 0) backbone[i].InputGradients(part, backbone[i - 1].OutputGradients, accumulate: false);
        }
    }

    /// <summary>Computes a part of the rows of each of <see cref="Gradients"/>, when every part of <see cref="Backward"/> is done.</summary>
    /// <param name="part">The part.</param>
    public void ParameterGradients(int part)
    {
        var features = input;
        foreach (var layer in backbone)
        {
            layer.ParameterGradients(part, features);
            features = layer.Outputs;
        }
        foreach (var head in heads) head.ParameterGradients(part, features);
    }

    public void Dispose()
    {
        input.Dispose();
        foreach (var layer in backbone.Concat(heads)) layer.Dispose();
    }

    /// <summary>A matrix, and views of the rows of each part.</summary>
    private sealed class RowParts : IDisposable
    {
        public RowParts(int rows, long columns, ThreadTeam team)
        {
            Whole = zeros([rows, columns]).DetachFromDisposeScope();
            Parts = [.. Enumerable.Range(0, team.Size).Select(part =>
                Whole.narrow(0, team.Bound(rows, part), team.Bound(rows, part + 1) - team.Bound(rows, part)).DetachFromDisposeScope())];
        }

        public Tensor Whole { get; }

        public Tensor[] Parts { get; }

        public void Dispose()
        {
            foreach (var part in Parts) part.Dispose();
            Whole.Dispose();
        }
    }

    /// <summary>A linear layer's buffers, and its products.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly ThreadTeam team;
        private readonly Tensor weight, weightTransposed, bias;
        private readonly Tensor[] outputGradientColumns;

        public Layer(TorchSharp.Modules.Linear layer, int batchSize, ThreadTeam team)
        {
            this.team = team;
            int outputs = (int)layer.weight!.shape[0];
            weight = layer.weight.detach().DetachFromDisposeScope();
            weightTransposed = weight.t().DetachFromDisposeScope();
            bias = layer.bias!.detach().DetachFromDisposeScope();
            Outputs = new(batchSize, outputs, team);
            OutputGradients = new(batchSize, outputs, team);
            WeightGradient = new(outputs, weight.shape[1], team);
            BiasGradient = zeros(outputs).DetachFromDisposeScope();
            outputGradientColumns = [.. Enumerable.Range(0, team.Size).Select(part =>
                OutputGradients.Whole.narrow(1, team.Bound(outputs, part), team.Bound(outputs, part + 1) - team.Bound(outputs, part)).t().DetachFromDisposeScope())];
        }

        /// <summary>y, [B, outputs].</summary>
        public RowParts Outputs { get; }

        /// <summary>dL/dy, [B, outputs].</summary>
        public RowParts OutputGradients { get; }

        public RowParts WeightGradient { get; }

        public Tensor BiasGradient { get; }

        /// <summary>y = x W^T + b, and the ReLU of it where there is one.</summary>
        public void Forward(int part, RowParts inputs, bool rectified)
        {
            var outputs = Outputs.Parts[part].addmm_(inputs.Parts[part], weightTransposed, beta: 0);
            RowKernels.AddBias(outputs.Span<float>(), bias.Span<float>(), rectified);
        }

        /// <summary>From the gradient of the ReLU's output to that of its input.</summary>
        public void MaskByRelu(int part) => RowKernels.MaskByRelu(OutputGradients.Parts[part].Span<float>(), Outputs.Parts[part].Span<float>());

        /// <summary>dL/dx = dL/dy W, written or added.</summary>
        public void InputGradients(int part, RowParts inputGradients, bool accumulate) =>
            inputGradients.Parts[part].addmm_(OutputGradients.Parts[part], weight, beta: accumulate ? 1 : 0);

        /// <summary>dL/dW = (dL/dy)^T x and dL/db.</summary>
        public void ParameterGradients(int part, RowParts inputs)
        {
            WeightGradient.Parts[part].addmm_(outputGradientColumns[part], inputs.Whole, beta: 0);
            int outputs = (int)BiasGradient.shape[0], first = team.Bound(outputs, part);
            RowKernels.SumRows(OutputGradients.Whole.Span<float>(), first, BiasGradient.Span<float>()[first..team.Bound(outputs, part + 1)], outputs);
        }

        public void Dispose()
        {
            foreach (var tensor in new[] { weight, weightTransposed, bias, BiasGradient }.Concat(outputGradientColumns)) tensor.Dispose();
            foreach (var matrix in new[] { Outputs, OutputGradients, WeightGradient }) matrix.Dispose();
        }
    }
}
