using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Tests.Engine;

/// <summary>An inference network in float64 with plain loops, whose parameters can be changed one by one.</summary>
internal sealed class PlainNetwork
{
    private const double Step = 1e-6;
    private const int CheckedNumbers = 15;

    private readonly DenseNetwork network;

    public PlainNetwork(DenseNetwork network)
    {
        this.network = network;
        Parameters = [.. network.Parameters.Select(parameter => Array.ConvertAll(parameter.Value.All.ToArray(), value => (double)value))];
    }

    /// <summary>The parameters, in the network's order.</summary>
    public double[][] Parameters { get; }

    /// <summary>The outputs of each head for each input, [d] each.</summary>
    public double[][][] Outputs(float[] x)
    {
        int inputs = network.Backbone[0].Inputs;
        double[][] features = [.. x.Chunk(inputs).Select(row => Array.ConvertAll(row, value => (double)value))];
        for (int layer = 0; layer < network.Backbone.Count; layer++) features = [.. features.Select(row => Array.ConvertAll(Apply(layer, row), value => Math.Max(0, value)))];
        return [.. network.HeadLayers.Select((_, head) => features.Select(row => Apply(network.Backbone.Count + head, row)).ToArray())];
    }

    /// <summary>Asserts that numbers of a gradient, all over the parameter, are the central differences of a loss.</summary>
    public void AssertGradient(int parameter, float[] gradient, Func<double> loss)
    {
        double[] values = Parameters[parameter];
        Assert.Equal(values.Length, gradient.Length);
        double largest = gradient.Max(MathF.Abs);
        Assert.NotEqual(0, largest);
        for (int i = 0; i < values.Length; i += Math.Max(1, values.Length / CheckedNumbers))
        {
            double value = values[i];
            values[i] = value + Step;
            double above = loss();
            values[i] = value - Step;
            double below = loss();
            values[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 2e-5 * largest);
        }
    }

    private double[] Apply(int layer, double[] x)
    {
        double[] weight = Parameters[2 * layer], bias = Parameters[2 * layer + 1];
        return [.. bias.Select((b, output) => b + x.Select((value, input) => value * weight[output * x.Length + input]).Sum())];
    }
}
