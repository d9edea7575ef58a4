using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Networks;

/// <summary>The parameters of a fully connected layer, y = W x + b.</summary>
/// <param name="name">Its name in files.</param>
/// <param name="inputs">Size of x.</param>
/// <param name="outputs">Size of y.</param>
internal sealed class DenseLayer(string name, int inputs, int outputs)
{
    /// <summary>The name in files, such as "backbone.enc.0".</summary>
    public string Name => name;

    /// <summary>Size of x.</summary>
    public int Inputs => inputs;

    /// <summary>Size of y.</summary>
    public int Outputs => outputs;

    /// <summary>W, [outputs, inputs].</summary>
    public FloatMatrix Weight { get; } = new(outputs, inputs);

    /// <summary>b, [1, outputs].</summary>
    public FloatMatrix Bias { get; } = new(1, outputs);
}
