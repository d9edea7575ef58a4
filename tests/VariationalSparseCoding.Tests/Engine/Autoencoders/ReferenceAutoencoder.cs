using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Tests.Engine;

/// <summary>The losses of autoencoders in double precision, written as their formulas, with gradients by central differences.</summary>
/// <param name="parameters">The parameters, which are copied.</param>
/// <param name="active">k.</param>
/// <param name="batch">B.</param>
/// <param name="gate">Codes, [B, d], and the penalty from h, [B, d], and the offset of h's own parameters; null for the gates without parameters, noise or penalty.</param>
internal sealed class ReferenceAutoencoder(AutoencoderParameters parameters, int active, int batch, Func<double[], double[], (double[] Codes, double Penalty)>? gate = null)
{
    private readonly int features = parameters.Atoms.Rows, dimension = parameters.Atoms.Columns;
    private readonly double[] atoms = Copy(parameters.Atoms), encoder = Copy(parameters.Encoder), bias = Copy(parameters.Bias), offset = Copy(parameters.Offset);
    private readonly double[] thresholds = parameters.Threshold is { } threshold ? Copy(threshold) : [];

    /// <summary>Returns dL/d(parameter), by the parameter's name in files; that of the dictionary by rows of atoms.</summary>
    /// <param name="x">Samples, [B, D].</param>
    public Dictionary<string, double[]> Gradients(float[] x) => new()
    {
        ["dictionary"] = Gradient(atoms, x),
        ["encoder.weight"] = Gradient(encoder, x),
        ["encoder.bias"] = Gradient(bias, x),
        ["offset"] = Gradient(offset, x),
    };

    /// <summary>Returns dL/d(threshold).</summary>
    /// <param name="x">Samples, [B, D].</param>
    public double[] ThresholdGradient(float[] x) => Gradient(thresholds, x);

    /// <summary>Returns h, [B, d].</summary>
    /// <param name="x">Samples, [B, D].</param>
    public double[] Inputs(float[] x)
    {
        double[] h = new double[batch * features];
        for (int row = 0; row < batch; row++)
        {
            for (int feature = 0; feature < features; feature++)
            {
                double sum = bias[feature];
                for (int i = 0; i < dimension; i++) sum += encoder[feature * dimension + i] * (x[row * dimension + i] - offset[i]);
                h[row * features + feature] = sum;
            }
        }
        return h;
    }

    private double[] Gradient(double[] parameter, float[] x)
    {
        const double Step = 1e-6;
        double[] gradient = new double[parameter.Length];
        for (int i = 0; i < parameter.Length; i++)
        {
            double value = parameter[i];
            parameter[i] = value + Step;
            double above = Loss(x);
            parameter[i] = value - Step;
            gradient[i] = (above - Loss(x)) / (2 * Step);
            parameter[i] = value;
        }
        return gradient;
    }

    /// <summary>The mean over samples of ||x - A z - c||^2; of matryoshka the mean over groups, too. A new step's price of the 1-norm is 0.</summary>
    private double Loss(float[] x)
    {
        double[] h = Inputs(x);
        var (z, penalty) = gate is null ? (Codes(h), 0) : gate(h, thresholds);
        int[] ends = parameters.Gate == GateKind.Matryoshka ? [.. new[] { 1, 3, 7, 15 }.Select(share => (int)Math.Ceiling(share / 32.0 * features)), features] : [features];
        double loss = penalty;
        for (int row = 0; row < batch; row++)
        {
            double[] residual = [.. Enumerable.Range(0, dimension).Select(i => x[row * dimension + i] - offset[i])];
            for (int group = 0, feature = 0; group < ends.Length; group++)
            {
                for (; feature < ends[group]; feature++)
                    for (int i = 0; i < dimension; i++) residual[i] -= z[row * features + feature] * atoms[feature * dimension + i];
                loss += residual.Sum(value => value * value) / ends.Length / batch;
            }
        }
        return loss;
    }

    private double[] Codes(double[] inputs)
    {
        double[] h = Array.ConvertAll(inputs, value => Math.Max(0, value));
        var kept = parameters.Gate switch
        {
            GateKind.TopK => Enumerable.Range(0, batch).SelectMany(row => Enumerable.Range(row * features, features).OrderByDescending(i => h[i]).Take(active)),
            GateKind.Relu => Enumerable.Range(0, h.Length),
            _ => Enumerable.Range(0, h.Length).OrderByDescending(i => h[i]).Take(active * batch),
        };
        double[] z = new double[h.Length];
        foreach (int i in kept) z[i] = h[i];
        return z;
    }

    private static double[] Copy(VariationalSparseCoding.Kernels.FloatMatrix matrix) => Array.ConvertAll(matrix.All.ToArray(), value => (double)value);
}
