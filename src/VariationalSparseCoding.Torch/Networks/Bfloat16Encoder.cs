using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>
/// <see cref="EncoderPass"/> with matrix products in bfloat16, by the tensor library, which sums them in float32 and rounds each sum once. Weights, biases, the heads' outputs and all
/// gradients that leave it are float32; features and the gradients by them are bfloat16. Each thread of a team does a part of the batch's rows, or of the weights' rows.
/// </summary>
internal sealed class Bfloat16Encoder : IEncoderPass
{
    private readonly ThreadTeam team;
    private readonly int batchSize;
    private readonly FloatMatrix x;
    private readonly Bfloat16Rows input;
    private readonly Bfloat16Layer[] layers;
    private readonly Action<int> round, forward, backward, parameterGradients;

    /// <summary>Creates the passes for batches of one size.</summary>
    /// <param name="network">The network, which stays the owner of the parameters.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who does the parts.</param>
    public Bfloat16Encoder(DenseNetwork network, int batchSize, ThreadTeam team)
    {
        using var _ = no_grad();
        (this.team, this.batchSize) = (team, batchSize);
        // The tensor library's own threads would meet in each product and keep the processors busy in between.
        int ambient = get_num_threads();
        team.Run(part =>
        {
            if (part > 0) set_num_threads(1);
        });
        // Each thread keeps its own number; new threads elsewhere begin with the last that was set, hence the caller's again.
        set_num_threads(ambient);
        layers = [.. network.Backbone.Select(layer => new Bfloat16Layer([layer], batchSize, team)), new Bfloat16Layer(network.HeadLayers, batchSize, team)];
        x = new(batchSize, network.Backbone[0].Inputs);
        input = new(batchSize, x.Columns, team);
        Outputs = new(network.Heads, [.. network.HeadLayers.Select(layer => new FloatMatrix(batchSize, layer.Outputs))]);
        OutputGradients = new(network.Heads, [.. network.HeadLayers.Select(layer => new FloatMatrix(batchSize, layer.Outputs))]);
        Gradients = [.. layers.SelectMany(layer => layer.Gradients)];
        (round, forward, backward, parameterGradients) = (Round, Forward, Backward, ParameterGradients);
    }

    public HeadMatrices Outputs { get; }

    public HeadMatrices OutputGradients { get; }

    public IReadOnlyList<FloatMatrix> Gradients { get; }

    public void Forward(ReadOnlySpan<float> x)
    {
        x.CopyTo(this.x.All);
        WithOneThread(() =>
        {
            team.Run(round);
            team.Run(forward);
        });
    }

    public void Backward() => WithOneThread(() =>
    {
        team.Run(backward);
        team.Run(parameterGradients);
    });

    public void Dispose()
    {
        input.Dispose();
        foreach (var layer in layers) layer.Dispose();
    }

    /// <summary>Does work in which the tensor library has one thread on the calling thread, as it has on the others of the team.</summary>
    private static void WithOneThread(Action work)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            work();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private void Round(int part)
    {
        foreach (var layer in layers) layer.RoundWeights(part);
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++) Bfloat16.Round(x[row], input[row]);
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
                else for (int head = 0; head < Outputs.Matrices.Count; head++) layer.AddBias(row, head, Outputs.Matrices[head][row]);
            }
        }
    }

    private void Backward(int part)
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
            for (int head = 0; head < OutputGradients.Matrices.Count; head++) layers[^1].SetGradient(row, head, OutputGradients.Matrices[head][row]);
        for (int i = layers.Length - 1; i > 0; i--) layers[i].InputGradients(part, layers[i - 1]);
    }

    private void ParameterGradients(int part)
    {
        for (int i = 0; i < layers.Length; i++) layers[i].ParameterGradients(part, i == 0 ? input : layers[i - 1].Outputs);
    }
}
