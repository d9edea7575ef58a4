using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>The parts of a layer's forward and backward pass that one thread of a team does.</summary>
/// <param name="layer">The layer.</param>
/// <param name="batchSize">B.</param>
/// <param name="team">Who does the parts.</param>
internal sealed class LayerPass(DenseLayer layer, int batchSize, ThreadTeam team)
{
    /// <summary>y, [B, outputs].</summary>
    public FloatMatrix Outputs { get; } = new(batchSize, layer.Outputs, padded: true);

    /// <summary>dL/dy, [B, outputs].</summary>
    public FloatMatrix OutputGradients { get; } = new(batchSize, layer.Outputs, padded: true);

    /// <summary>dL/dW, [outputs, inputs].</summary>
    public FloatMatrix WeightGradient { get; } = new(layer.Outputs, layer.Inputs);

    /// <summary>dL/db, [1, outputs].</summary>
    public FloatMatrix BiasGradient { get; } = new(1, layer.Outputs);

    /// <summary>Computes a part of the outputs' columns.</summary>
    /// <param name="part">The part.</param>
    /// <param name="features">What the layer sees, [B, inputs].</param>
    /// <param name="rectified">Whether a ReLU follows.</param>
    public void Forward(int part, FloatMatrix features, bool rectified)
    {
        var (first, count) = Columns(part, layer.Outputs);
        MatrixProduct.Multiply(
            features.Operand, layer.Weight.Operand.From(first).Transposed, Outputs.Operand.From(0, first), batchSize, count, layer.Inputs, layer.Bias.Operand.Repeated.From(0, first),
            rectified: rectified);
    }

    /// <summary>Lets the gradients of a part of the columns through where the ReLU did.</summary>
    /// <param name="part">The part.</param>
    public void MaskByRelu(int part)
    {
        var (first, count) = Columns(part, layer.Outputs);
        for (int row = 0; row < batchSize; row++) RowKernels.MaskByRelu(OutputGradients[row].Slice(first, count), Outputs[row].Slice(first, count));
    }

    /// <summary>Computes a part of the columns of the gradients by what the layer sees.</summary>
    /// <param name="part">The part.</param>
    /// <param name="inputGradients">Receives them, [B, inputs].</param>
    /// <param name="accumulate">Whether they are added to what is there.</param>
    public void InputGradients(int part, FloatMatrix inputGradients, bool accumulate)
    {
        var (first, count) = Columns(part, layer.Inputs);
        var written = inputGradients.Operand.From(0, first);
        MatrixProduct.Multiply(OutputGradients.Operand, layer.Weight.Operand.From(0, first), written, batchSize, count, layer.Outputs, accumulate ? written : default);
    }

    /// <summary>Computes a part of the rows of the weights' gradient and of the biases'.</summary>
    /// <param name="part">The part.</param>
    /// <param name="features">What the layer sees, [B, inputs].</param>
    public void ParameterGradients(int part, FloatMatrix features)
    {
        int first = team.Bound(layer.Outputs, part), end = team.Bound(layer.Outputs, part + 1);
        MatrixProduct.Multiply(OutputGradients.Operand.Transposed.From(first), features.Operand, WeightGradient.Operand.From(first), end - first, layer.Inputs, batchSize);
        RowKernels.SumRows(OutputGradients.Memory, first, BiasGradient.All[first..end], OutputGradients.Stride);
    }

    /// <summary>The columns of a part: whole panels of the product.</summary>
    private (int First, int Count) Columns(int part, int columns)
    {
        var (first, end) = team.PanelBounds(columns, part);
        return (first, end - first);
    }
}
