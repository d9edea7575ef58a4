using System.Numerics;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>One step of Adam (Kingma and Ba, 2015). Its constants are computed in double precision, where 1 - beta keeps its digits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="options">Decays, epsilon and weight decay.</param>
/// <param name="step">Number of the step, from 0.</param>
/// <param name="learningRate">The rate of this step.</param>
internal readonly struct AdamStep<T>(AdamOptions options, long step, double learningRate) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T beta1 = T.CreateTruncating(options.Beta1), beta2 = T.CreateTruncating(options.Beta2);
    private readonly T rest1 = T.CreateTruncating(1 - options.Beta1), rest2 = T.CreateTruncating(1 - options.Beta2);
    private readonly T epsilon = T.CreateTruncating(options.Epsilon), weightDecay = T.CreateTruncating(options.WeightDecay);
    private readonly T stepSize = T.CreateTruncating(StepSize(options, step, learningRate)), root = T.CreateTruncating(RootOfCorrection(options, step));

    /// <summary>learningRate / (1 - beta1^t), t from 1.</summary>
    /// <param name="options">The decays.</param>
    /// <param name="step">t - 1.</param>
    /// <param name="learningRate">The rate.</param>
    public static double StepSize(AdamOptions options, long step, double learningRate) => learningRate / (1 - Math.Pow(options.Beta1, step + 1));

    /// <summary>sqrt(1 - beta2^t), t from 1.</summary>
    /// <param name="options">The decays.</param>
    /// <param name="step">t - 1.</param>
    public static double RootOfCorrection(AdamOptions options, long step) => Math.Sqrt(1 - Math.Pow(options.Beta2, step + 1));

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
        var constants = this;
        fixed (T* parameterStart = parameter, gradientStart = gradient, meanStart = mean, squareStart = meanSquare)
        {
            T* p = parameterStart, g = gradientStart, m = meanStart, v = squareStart;
            ParallelRanges.Run(parameter.Length, threads, (first, end) => constants.Apply(p + first, g + first, m + first, v + first, end - first));
        }
    }

    // Products and sums are rounded one by one, so that the vector loop and its remainder give the same bits at any vector width.
    private unsafe void Apply(T* parameter, T* gradient, T* mean, T* meanSquare, int length)
    {
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> p = Vector.Load(parameter + i), g = Vector.Load(gradient + i) + p * weightDecay;
            Vector<T> m = Vector.Load(mean + i) * beta1 + g * rest1, v = Vector.Load(meanSquare + i) * beta2 + g * g * rest2;
            m.Store(mean + i);
            v.Store(meanSquare + i);
            (p - m * stepSize / (Vector.SquareRoot(v) / new Vector<T>(root) + new Vector<T>(epsilon))).Store(parameter + i);
        }
        for (; i < length; i++)
        {
            T p = parameter[i], g = gradient[i] + p * weightDecay;
            T m = mean[i] * beta1 + g * rest1, v = meanSquare[i] * beta2 + g * g * rest2;
            (mean[i], meanSquare[i]) = (m, v);
            parameter[i] = p - m * stepSize / (T.Sqrt(v) / root + epsilon);
        }
    }
}
