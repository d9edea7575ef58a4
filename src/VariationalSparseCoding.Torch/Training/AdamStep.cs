using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>The constants of one step of Adam (Kingma and Ba, 2015).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Beta1">The share of the moving mean of gradients that stays.</param>
/// <param name="Beta2">The share of the moving mean of squares that stays.</param>
/// <param name="Epsilon">What the root of the mean square is raised by.</param>
/// <param name="WeightDecay">The share of the parameter that is added to its gradient.</param>
/// <param name="StepSize">learningRate / (1 - beta1^t), t from 1.</param>
/// <param name="RootOfCorrection">sqrt(1 - beta2^t).</param>
internal readonly record struct AdamStep<T>(T Beta1, T Beta2, T Epsilon, T WeightDecay, T StepSize, T RootOfCorrection) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// g = g + decay p; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p = p - stepSize m / (sqrt(v) / root + epsilon), for each element in one pass: <c>torch.optim.Adam</c>.
    /// </summary>
    /// <param name="parameter">p, changed in place.</param>
    /// <param name="gradient">g, of the same length.</param>
    /// <param name="mean">m, changed in place; zeros before the first step.</param>
    /// <param name="meanSquare">v, changed in place; zeros before the first step.</param>
    /// <param name="threads">How many threads may work, at least 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public unsafe void Apply(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> meanSquare, int threads)
    {
        if (gradient.Length != parameter.Length || mean.Length != parameter.Length || meanSquare.Length != parameter.Length)
            throw new ArgumentException($"Parameter, gradient and means have {parameter.Length}, {gradient.Length}, {mean.Length} and {meanSquare.Length} elements; they must have as many.");
        var step = this;
        fixed (T* parameterStart = parameter, gradientStart = gradient, meanStart = mean, squareStart = meanSquare)
        {
            T* p = parameterStart, g = gradientStart, m = meanStart, v = squareStart;
            ParallelRanges.Run(parameter.Length, threads, (first, end) => step.Apply(p + first, g + first, m + first, v + first, end - first));
        }
    }

    // Products and sums are rounded one by one, so that the vector loop and its remainder give the same bits at any vector width.
    private unsafe void Apply(T* parameter, T* gradient, T* mean, T* meanSquare, int length)
    {
        T rest1 = T.One - Beta1, rest2 = T.One - Beta2;
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> p = Vector.Load(parameter + i), g = Vector.Load(gradient + i) + p * WeightDecay;
            Vector<T> m = Vector.Load(mean + i) * Beta1 + g * rest1, v = Vector.Load(meanSquare + i) * Beta2 + g * g * rest2;
            m.Store(mean + i);
            v.Store(meanSquare + i);
            (p - m * StepSize / (Vector.SquareRoot(v) / new Vector<T>(RootOfCorrection) + new Vector<T>(Epsilon))).Store(parameter + i);
        }
        for (; i < length; i++)
        {
            T p = parameter[i], g = gradient[i] + p * WeightDecay;
            T m = mean[i] * Beta1 + g * rest1, v = meanSquare[i] * Beta2 + g * g * rest2;
            (mean[i], meanSquare[i]) = (m, v);
            parameter[i] = p - m * StepSize / (T.Sqrt(v) / RootOfCorrection + Epsilon);
        }
    }
}
