using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>What a step of Adam multiplies by.</summary>
/// <param name="KeptMean">What the mean of gradients is multiplied by.</param>
/// <param name="AddedMean">What the gradient is multiplied by in it.</param>
/// <param name="KeptSquare">What the mean of squared gradients is multiplied by.</param>
/// <param name="AddedSquare">What the squared gradient is multiplied by in it.</param>
/// <param name="Rate">The step size, with the correction of both means.</param>
/// <param name="Epsilon">What is added to the root of the mean of squares.</param>
/// <param name="Drift">The sizes of steps with a gradient of 0 that are made up for first, as one.</param>
internal readonly record struct AdamFactors(float KeptMean, float AddedMean, float KeptSquare, float AddedSquare, float Rate, float Epsilon, float Drift);

/// <summary>Adam (Kingma and Ba, 2015), one pass over a parameter.</summary>
internal static class AdamStep
{
    /// <summary>p -= drift m / (sqrt(v) + e); m = keptMean m + addedMean g; v = keptSquare v + addedSquare g^2; p -= rate m / (sqrt(v) + e).</summary>
    /// <param name="parameter">p, changed in place.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="mean">m, as long, changed in place.</param>
    /// <param name="square">v, as long, changed in place.</param>
    /// <param name="factors">The factors.</param>
    public static void Apply(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, in AdamFactors factors)
    {
        Vector512<float> keptMean = Vector512.Create(factors.KeptMean), addedMean = Vector512.Create(factors.AddedMean), keptSquare = Vector512.Create(factors.KeptSquare);
        Vector512<float> addedSquare = Vector512.Create(factors.AddedSquare), rate = Vector512.Create(-factors.Rate), epsilon = Vector512.Create(factors.Epsilon);
        Vector512<float> drift = Vector512.Create(-factors.Drift);
        bool drifts = factors.Drift != 0;
        for (int i = 0; i < parameter.Length; i += Lanes.Count)
        {
            Vector512<float> p = Lanes.Load(parameter, i), g = Lanes.Load(gradient, i), m = Lanes.Load(mean, i), v = Lanes.Load(square, i);
            if (drifts) p = Vector512.MultiplyAddEstimate(drift, m / (Vector512.Sqrt(v) + epsilon), p);
            m = Vector512.MultiplyAddEstimate(addedMean, g, keptMean * m);
            v = Vector512.MultiplyAddEstimate(addedSquare * g, g, keptSquare * v);
            p = Vector512.MultiplyAddEstimate(rate, m / (Vector512.Sqrt(v) + epsilon), p);
            Lanes.Store(p, parameter, i);
            Lanes.Store(m, mean, i);
            Lanes.Store(v, square, i);
        }
    }

    /// <summary>The same for a single number.</summary>
    /// <param name="parameter">p, changed in place.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m, changed in place.</param>
    /// <param name="square">v, changed in place.</param>
    /// <param name="factors">The factors.</param>
    public static void Apply(ref float parameter, float gradient, ref float mean, ref float square, in AdamFactors factors)
    {
        float p = parameter - factors.Drift * mean / (MathF.Sqrt(square) + factors.Epsilon);
        mean = factors.KeptMean * mean + factors.AddedMean * gradient;
        square = factors.KeptSquare * square + factors.AddedSquare * gradient * gradient;
        parameter = p - factors.Rate * mean / (MathF.Sqrt(square) + factors.Epsilon);
    }
}
