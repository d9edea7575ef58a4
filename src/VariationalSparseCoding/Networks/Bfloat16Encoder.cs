using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// <see cref="FusedEncoder"/> with matrix products in bfloat16, by the tensor library, which sums them in float32 and rounds each sum once. Weights, biases, the heads' outputs and all
/// gradients that leave it are float32; features and the gradients by them are bfloat16. Each thread of a team does a part of the batch's rows, or of the weights' rows.
/// </summary>
internal sealed class Bfloat16Encoder : IFusedEncoder
{
    private readonly ThreadTeam team;
    private readonly int batchSize;
    private readonly Tensor[] outputs, outputGradients;
    private readonly TensorRows inputRows;
    private readonly TensorRows[] outputRows, gradientRows;
    private readonly Bfloat16Rows input;
    private readonly Bfloat16Layer[] layers;
    private readonly Action<int> round, forward, backward, parameterGradients;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kinds">Its heads, in order of creation.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who will do the parts.</param>
    public Bfloat16Encoder(InferenceNetwork network, IReadOnlyList<Head> kinds, int batchSize, ThreadTeam team)
    {
        using var _ = no_grad();
        (this.team, this.batchSize) = (team, batchSize);
        layers = [.. network.BackboneLayers.Select(layer => new Bfloat16Layer([layer], batchSize, team)), new Bfloat16Layer(network.HeadLayers, batchSize, team)];
        long inputSize = network.BackboneLayers[0].weight!.shape[1];
        Input = zeros([batchSize, inputSize]).DetachFromDisposeScope();
        input = new(batchSize, inputSize, team);
        long atoms = network.HeadLayers[0].weight!.shape[0];
        outputs = [.. kinds.Select(_ => zeros([batchSize, atoms]).DetachFromDisposeScope())];
        outputGradients = [.. kinds.Select(_ => zeros([batchSize, atoms]).DetachFromDisposeScope())];
        (inputRows, outputRows, gradientRows) = (Input.Rows(), [.. outputs.Select(tensor => tensor.Rows())], [.. outputGradients.Select(tensor => tensor.Rows())]);
        Outputs = HeadTensors.From(kinds, head => outputs[IndexOf(head)]);
        OutputGradients = HeadTensors.From(kinds, head => outputGradients[IndexOf(head)]);
        Gradients = [.. layers.SelectMany(layer => layer.Gradients)];
        (round, forward, backward, parameterGradients) = (Round, Forward, Backward, ParameterGradients);

        int IndexOf(Head head) => kinds.Index().First(pair => pair.Item == head).Index;
    }

    public Tensor Input { get; }

    public HeadTensors Outputs { get; }

    public HeadTensors OutputGradients { get; }

    public IReadOnlyList<Tensor> Gradients { get; }

    public void Forward()
    {
        team.Run(round);
        team.Run(forward);
    }

    public void Backward()
    {
        team.Run(backward);
        team.Run(parameterGradients);
    }

    public void Dispose()
    {
        foreach (var tensor in outputs.Concat(outputGradients).Append(Input)) tensor.Dispose();
        input.Dispose();
        foreach (var layer in layers) layer.Dispose();
    }

    private void Round(int part)
    {
        foreach (var layer in layers) layer.RoundWeights(part);
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++) Bfloat16.Round(inputRows[row], input[row]);
    }

    private void Forward(int part)
    {
        int first = team.Bound(batchSize, part), end = team.Bound(batchSize, part + 1);
        var features = input;
        foreach (var layer in layers)
        {
            layer.Multiply(part, features);
            features = layer.Outputs;
            for (int row = first; row < end; row++)
            {
                if (layer != layers[^1]) layer.AddBiasAndRectify(row);
                else for (int head = 0; head < outputRows.Length; head++) layer.AddBias(row, head, outputRows[head][row]);
            }
        }
    }

    private void Backward(int part)
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
            for (int head = 0; head < gradientRows.Length; head++) layers[^1].SetGradient(row, head, gradientRows[head][row]);
        for (int i = layers.Length - 1; i > 0; i--) layers[i].InputGradients(part, layers[i - 1]);
    }

    private void ParameterGradients(int part)
    {
        for (int i = 0; i < layers.Length; i++) layers[i].ParameterGradients(part, i == 0 ? input : layers[i - 1].Outputs);
    }
}
