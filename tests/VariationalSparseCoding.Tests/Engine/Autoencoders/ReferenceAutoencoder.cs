using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Tests.Engine;

/// <summary>The losses of autoencoders in double precision, written as their formulas, with gradients by central differences.</summary>
/// <param name="parameters">The parameters, which are copied.</param>
/// <param name="active">k.</param>
/// <param name="batch">B.</param>
/// <param name="price">p of the gates that have a price.</param>
/// <param name="posterior">Codes, [B, d], and the penalty from h, [B, d], and thresholds, of gates with a posterior.</param>
internal sealed class ReferenceAutoencoder(AutoencoderParameters parameters, int active, int batch, double price = 0, Func<double[], double[], (double[] Codes, double Penalty)>? posterior = null)
{
    private readonly int features = parameters.Atoms.Rows, dimension = parameters.Atoms.Columns;
    private readonly double[] atoms = Copy(parameters.Atoms), encoder = Copy(parameters.Encoder), bias = Copy(parameters.Bias), offset = Copy(parameters.Offset);
    private readonly double[] threshold = Copy(parameters.Threshold), magnitudeBias = Copy(parameters.MagnitudeBias), magnitudeScale = Copy(parameters.MagnitudeScale);
    private readonly double[] heldAtoms = Copy(parameters.Atoms), heldOffset = Copy(parameters.Offset), heldThreshold = Copy(parameters.Threshold);

    // h where the gradient is taken, from which a step function's derivative takes the place of its jumps.
    private double[]? heldInputs;

    /// <summary>Returns dL/d(parameter), by the parameter's name in files; that of the dictionary by rows of atoms.</summary>
    /// <param name="x">Samples, [B, D].</param>
    public Dictionary<string, double[]> Gradients(float[] x)
    {
        heldInputs = Inputs(x);
        Dictionary<string, double[]> gradients = new()
        {
            ["dictionary"] = Gradient(atoms, x),
            ["encoder.weight"] = Gradient(encoder, x),
            ["encoder.bias"] = Gradient(bias, x),
            ["offset"] = Gradient(offset, x),
        };
        if (parameters.Gate == GateKind.JumpRelu) gradients["encoder.threshold"] = Gradient(threshold, x);
        if (parameters.Gate != GateKind.Gated) return gradients;
        gradients["encoder.magnitude_bias"] = Gradient(magnitudeBias, x);
        gradients["encoder.magnitude_scale"] = Gradient(magnitudeScale, x);
        return gradients;
    }

    /// <summary>Returns dL/d(threshold).</summary>
    /// <param name="x">Samples, [B, D].</param>
    public double[] ThresholdGradient(float[] x) => Gradient(threshold, x);

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

    /// <summary>The mean over samples of ||x - A z - c||^2, of matryoshka over groups, too, and the penalty.</summary>
    private double Loss(float[] x)
    {
        double[] h = Inputs(x), z = new double[h.Length];
        double loss = 0;
        if (posterior is not null)
        {
            (z, double penalty) = posterior(h, threshold);
            return penalty + Error(x, z, atoms, offset);
        }
        switch (parameters.Gate)
        {
            case GateKind.TopK:
                foreach (int i in Enumerable.Range(0, batch).SelectMany(row => Enumerable.Range(row * features, features).OrderByDescending(i => h[i]).Take(active))) z[i] = Math.Max(0, h[i]);
                break;
            case GateKind.BatchTopK or GateKind.Matryoshka:
                foreach (int i in Enumerable.Range(0, h.Length).OrderByDescending(i => h[i]).Take(active * batch)) z[i] = Math.Max(0, h[i]);
                break;
            case GateKind.JumpRelu:
                loss += Jump(x, h, z);
                break;
            case GateKind.Relu:
                for (int i = 0; i < h.Length; i++) z[i] = Math.Max(0, h[i]);
                loss += price * z.Sum() / batch;
                break;
            default:
                for (int i = 0; i < h.Length; i++) z[i] = h[i] > 0 ? Math.Max(0, Math.Exp(magnitudeScale[i % features]) * h[i] + magnitudeBias[i % features]) : 0;
                double[] rectified = Array.ConvertAll(h, value => Math.Max(0, value));
                loss += price * rectified.Sum() / batch + Error(x, rectified, heldAtoms, heldOffset);
                break;
        }
        return loss + Error(x, z, atoms, offset);
    }

    /// <summary>
    /// Codes h g, where g is 0 or 1 at the parameters where the gradient is taken, and from there on changes as a ramp as wide as half the threshold; and the penalty on the mean of g.
    /// </summary>
    private double Jump(float[] x, double[] h, double[] z)
    {
        double gates = 0, energy = 0;
        for (int i = 0; i < h.Length; i++)
        {
            double held = heldThreshold[i % features], width = JumpReluGate.Window * held, gate = heldInputs![i] > held ? 1 : 0;
            if (Math.Abs(heldInputs[i] - held) < width / 2) gate += (h[i] - threshold[i % features] - heldInputs[i] + held) / width;
            z[i] = h[i] * gate;
            gates += gate;
        }
        for (int i = 0; i < x.Length; i++) energy += Math.Pow(x[i] - heldOffset[i % dimension], 2);
        return ActivityTarget.PenaltyShare * energy / batch * Math.Pow(gates / batch / active - 1, 2);
    }

    private double Error(float[] x, double[] z, double[] dictionary, double[] centre)
    {
        int[] ends = parameters.Gate == GateKind.Matryoshka ? [.. new[] { 1, 3, 7, 15 }.Select(share => (int)Math.Ceiling(share / 32.0 * features)), features] : [features];
        double error = 0;
        for (int row = 0; row < batch; row++)
        {
            double[] residual = [.. Enumerable.Range(0, dimension).Select(i => x[row * dimension + i] - centre[i])];
            for (int group = 0, feature = 0; group < ends.Length; group++)
            {
                for (; feature < ends[group]; feature++)
                    for (int i = 0; i < dimension; i++) residual[i] -= z[row * features + feature] * dictionary[feature * dimension + i];
                error += residual.Sum(value => value * value) / ends.Length / batch;
            }
        }
        return error;
    }

    private static double[] Copy(FloatMatrix? matrix) => matrix is null ? [] : Array.ConvertAll(matrix.All.ToArray(), value => (double)value);
}
