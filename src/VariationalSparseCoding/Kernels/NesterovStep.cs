using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>Stochastic gradient descent with Nesterov's momentum, one pass over a parameter.</summary>
internal static class NesterovStep
{
    /// <summary>
    /// m = momentum m + g; p = p - learningRate (g + momentum m), for each element: <c>torch.optim.SGD(nesterov=True, dampening=0)</c>.
    /// Torch's first step, m = g, is the step from a buffer of zeros.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter p, changed in place.</param>
    /// <param name="gradient">Its gradient g, of the same length.</param>
    /// <param name="momentumBuffer">The buffer m, of the same length, changed in place; zeros before the first step.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="momentum">The share of the buffer that stays, in [0, 1).</param>
    /// <param name="threads">How many threads may work, at least 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Apply<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> momentumBuffer, T learningRate, T momentum, int threads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (gradient.Length != parameter.Length || momentumBuffer.Length != parameter.Length)
            throw new ArgumentException($"Parameter, gradient and momentum buffer have {parameter.Length}, {gradient.Length} and {momentumBuffer.Length} elements; they must have as many.");
        fixed (T* parameterStart = parameter, gradientStart = gradient, bufferStart = momentumBuffer)
        {
            T* p = parameterStart, g = gradientStart, m = bufferStart;
            ParallelRanges.Run(parameter.Length, threads, (first, end) => Apply(p + first, g + first, m + first, end - first, learningRate, momentum));
        }
    }

    // Products and sums are rounded one by one, so that the vector loop and its remainder give the same bits at any vector width.
    private static unsafe void Apply<T>(T* parameter, T* gradient, T* momentumBuffer, int length, T learningRate, T momentum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> g = Vector.Load(gradient + i), m = Vector.Load(momentumBuffer + i) * momentum + g;
            m.Store(momentumBuffer + i);
            (Vector.Load(parameter + i) - (g + m * momentum) * learningRate).Store(parameter + i);
        }
        for (; i < length; i++)
        {
            T g = gradient[i], m = momentumBuffer[i] * momentum + g;
            momentumBuffer[i] = m;
            parameter[i] -= (g + m * momentum) * learningRate;
        }
    }
}
