using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// Forward and backward pass of a <see cref="DenseNetwork"/> by <see cref="MatrixProduct"/>, into memory that is taken once: no graph and no allocation.
/// Each thread of a team does a part of each layer's columns, and of the rows of the weights' gradients.
/// </summary>
internal sealed class EncoderPass : IEncoderPass
{
    private readonly LayerPass[] backbone, heads;
    private readonly ThreadTeam team;
    private readonly FloatMatrix input;
    private readonly Action<int>[] forward, backward;
    private readonly Action<int> parameterGradients;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network, which stays the owner of the parameters.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who does the parts.</param>
    public EncoderPass(DenseNetwork network, int batchSize, ThreadTeam team)
    {
        this.team = team;
        input = new(batchSize, network.Backbone[0].Inputs, padded: true);
        backbone = [.. network.Backbone.Select(layer => new LayerPass(layer, batchSize, team))];
        heads = [.. network.HeadLayers.Select(layer => new LayerPass(layer, batchSize, team))];
        Outputs = new(network.Heads, [.. heads.Select(head => head.Outputs)]);
        OutputGradients = new(network.Heads, [.. heads.Select(head => head.OutputGradients)]);
        Gradients = [.. backbone.Concat(heads).SelectMany(layer => new[] { layer.WeightGradient, layer.BiasGradient })];
        forward = [.. backbone.Select((layer, i) => (Action<int>)(part => layer.Forward(part, Features(i), rectified: true))), ForwardHeads];
        backward = [.. backbone.Select((_, i) => (Action<int>)(part => BackwardTo(i, part)))];
        parameterGradients = ParameterGradients;
    }

    /// <summary>Creates the pass; see <see cref="LinearStep.PassFactory"/>.</summary>
    public static IEncoderPass Create(DenseNetwork network, int batchSize, ThreadTeam team) => new EncoderPass(network, batchSize, team);

    public HeadMatrices Outputs { get; }

    public HeadMatrices OutputGradients { get; }

    public IReadOnlyList<FloatMatrix> Gradients { get; }

    public void Forward(ReadOnlySpan<float> x)
    {
        for (int row = 0; row < input.Rows; row++) x.Slice(row * input.Columns, input.Columns).CopyTo(input[row]);
        foreach (var layer in forward) team.Run(layer);
    }

    public void Backward()
    {
        for (int i = backward.Length - 1; i >= 0; i--) team.Run(backward[i]);
        team.Run(parameterGradients);
    }

    public void Dispose()
    {
    }

    /// <summary>What a layer sees.</summary>
    private FloatMatrix Features(int layer) => layer == 0 ? input : backbone[layer - 1].Outputs;

    private void ForwardHeads(int part)
    {
        foreach (var head in heads) head.Forward(part, Features(backbone.Length), rectified: false);
    }

    /// <summary>dL/d(output before the ReLU) of a layer, from those of the layers that see it.</summary>
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
}
