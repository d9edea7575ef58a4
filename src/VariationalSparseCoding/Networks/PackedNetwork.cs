using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// An inference network whose weights are copied once into the order in which products read them. Its outputs have the bits of a training step's forward pass,
/// whatever the number of inputs: each is one chain of multiply-adds. It may be used from several threads at once.
/// </summary>
/// <param name="network">The network; changes of its parameters are not seen.</param>
internal sealed class PackedNetwork(DenseNetwork network)
{
    private readonly Layer[] backbone = [.. network.Backbone.Select(layer => new Layer(layer))], heads = [.. network.HeadLayers.Select(layer => new Layer(layer))];

    /// <summary>Creates the memory of a forward pass.</summary>
    /// <param name="rows">The most inputs at a time.</param>
    public Workspace CreateWorkspace(int rows) => new(network, rows);

    /// <summary>Computes the heads' outputs, <see cref="Workspace.Outputs"/>.</summary>
    /// <param name="x">Inputs, [rows, D].</param>
    /// <param name="rows">How many.</param>
    /// <param name="workspace">The memory.</param>
    public void Forward(MatrixOperand x, int rows, Workspace workspace)
    {
        var features = x;
        for (int i = 0; i < backbone.Length; i++)
        {
            var outputs = workspace.Features[i].Operand;
            backbone[i].Forward(features, rows, outputs, rectified: true);
            features = outputs;
        }
        for (int i = 0; i < heads.Length; i++) heads[i].Forward(features, rows, workspace.Outputs.Matrices[i].Operand, rectified: false);
    }

    /// <summary>The memory of a forward pass: for one thread at a time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The most inputs at a time.</param>
    internal sealed class Workspace(DenseNetwork network, int rows)
    {
        /// <summary>The outputs of the backbone's layers.</summary>
        public FloatMatrix[] Features { get; } = [.. network.Backbone.Select(layer => new FloatMatrix(rows, layer.Outputs, padded: true))];

        /// <summary>The outputs of the heads, [rows, d] each.</summary>
        public HeadMatrices Outputs { get; } = new(network.Heads, [.. network.HeadLayers.Select(layer => new FloatMatrix(rows, layer.Outputs, padded: true))]);
    }

    private sealed class Layer
    {
        private readonly PackedPanels weights;
        private readonly FloatMatrix bias;

        public Layer(DenseLayer layer)
        {
            weights = new(layer.Weight.Operand.Transposed, layer.Inputs, layer.Outputs);
            bias = new(1, layer.Outputs);
            layer.Bias.All.CopyTo(bias.All);
        }

        public void Forward(MatrixOperand features, int rows, MatrixOperand outputs, bool rectified)
        {
            MatrixProduct.Multiply(features, weights, outputs, rows, bias.Operand.Repeated, rectified);
            GC.KeepAlive(this);
        }
    }
}
