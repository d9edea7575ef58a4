using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>What surrounds matrix products: gradients of ReLUs and biases, sums and weights of rows.</summary>
internal static class RowKernels
{
    /// <summary>Lets a gradient through where the ReLU's output is above 0.</summary>
    /// <param name="gradients">dL/dy, [B, n], changed in place to the gradient before the ReLU.</param>
    /// <param name="outputs">The ReLU's outputs, [B, n].</param>
    public static void MaskByRelu(Span<float> gradients, ReadOnlySpan<float> outputs)
    {
        for (int i = 0; i < gradients.Length; i += Lanes.Count)
            Lanes.Store(Lanes.Load(gradients, i) & Vector512.GreaterThan(Lanes.Load(outputs, i), Vector512<float>.Zero), gradients, i);
    }

    /// <summary>The sums of neighbouring columns: the gradient of a bias, or of a part of it.</summary>
    /// <param name="gradients">[B, n].</param>
    /// <param name="firstColumn">The first column.</param>
    /// <param name="sums">Receives the sums, one for each column.</param>
    /// <param name="columns">n.</param>
    public static void SumRows(ReadOnlySpan<float> gradients, int firstColumn, Span<float> sums, int columns)
    {
        sums.Clear();
        for (int start = firstColumn; start < gradients.Length; start += columns)
        {
            ReadOnlySpan<float> row = gradients.Slice(start, sums.Length);
            for (int i = 0; i < sums.Length; i += Lanes.Count) Lanes.Store(Lanes.Load(sums, i) + Lanes.Load(row, i), sums, i);
        }
    }

    /// <summary>The sum of squares.</summary>
    /// <param name="numbers">The numbers.</param>
    public static float SumOfSquares(ReadOnlySpan<float> numbers)
    {
        Vector512<float> sums = Vector512<float>.Zero;
        for (int i = 0; i < numbers.Length; i += Lanes.Count)
        {
            Vector512<float> part = Lanes.Load(numbers, i);
            sums = Vector512.MultiplyAddEstimate(part, part, sums);
        }
        return Vector512.Sum(sums);
    }

    /// <summary>The sum of products.</summary>
    /// <param name="first">Numbers.</param>
    /// <param name="second">As many.</param>
    public static float Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        Vector512<float> sums = Vector512<float>.Zero;
        for (int i = 0; i < first.Length; i += Lanes.Count) sums = Vector512.MultiplyAddEstimate(Lanes.Load(first, i), Lanes.Load(second, i), sums);
        return Vector512.Sum(sums);
    }

    /// <summary>||sigmoid(y) - x||^2.</summary>
    /// <param name="logits">y.</param>
    /// <param name="targets">x, as many.</param>
    public static float SquaredErrorOfSigmoid(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        Vector512<float> sums = Vector512<float>.Zero, one = Vector512<float>.One;
        for (int i = 0; i < logits.Length; i += Lanes.Count)
        {
            Vector512<float> residual = (one / (one + Vector512.Exp(-Lanes.Load(logits, i))) - Lanes.Load(targets, i)) & Lanes.First(logits.Length - i);
            sums = Vector512.MultiplyAddEstimate(residual, residual, sums);
        }
        return Vector512.Sum(sums);
    }

    /// <summary>The sum of absolute values.</summary>
    /// <param name="numbers">The numbers.</param>
    public static float SumOfMagnitudes(ReadOnlySpan<float> numbers)
    {
        Vector512<float> sums = Vector512<float>.Zero;
        for (int i = 0; i < numbers.Length; i += Lanes.Count) sums += Vector512.Abs(Lanes.Load(numbers, i));
        return Vector512.Sum(sums);
    }

    /// <summary>Multiplies by a factor, in place.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="factor">The factor.</param>
    public static void Scale(Span<float> numbers, float factor)
    {
        for (int i = 0; i < numbers.Length; i += Lanes.Count) Lanes.Store(Lanes.Load(numbers, i) * Vector512.Create(factor), numbers, i);
    }

    /// <summary>Divides number by number, in place.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="divisors">What each is divided by.</param>
    public static void Divide(Span<float> numbers, ReadOnlySpan<float> divisors)
    {
        for (int i = 0; i < numbers.Length; i += Lanes.Count) Lanes.Store(Lanes.Load(numbers, i) / Lanes.Load(divisors, i), numbers, i);
    }

    /// <summary>softmax(-l).</summary>
    /// <param name="losses">l.</param>
    /// <param name="weights">Receives the softmax, of the same length.</param>
    public static void SoftmaxOfNegatives(ReadOnlySpan<float> losses, Span<float> weights)
    {
        float least = float.PositiveInfinity, sum = 0;
        foreach (float loss in losses) least = MathF.Min(least, loss);
        for (int j = 0; j < weights.Length; j++) sum += weights[j] = MathF.Exp(least - losses[j]);
        for (int j = 0; j < weights.Length; j++) weights[j] /= sum;
    }

    /// <summary>factor exp(rate x).</summary>
    /// <param name="numbers">x.</param>
    /// <param name="rate">What x is multiplied by first.</param>
    /// <param name="factor">What the exponential is multiplied by.</param>
    /// <param name="destination">Receives the result, as long as <paramref name="numbers"/>.</param>
    public static void Exp(ReadOnlySpan<float> numbers, float rate, float factor, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += Lanes.Count)
            Lanes.Store(Vector512.Exp(Lanes.Load(numbers, i) * Vector512.Create(rate)) * Vector512.Create(factor), destination, i);
    }

    /// <summary>kept numbers + factor added, in place.</summary>
    /// <param name="numbers">What is changed.</param>
    /// <param name="kept">What it is multiplied by.</param>
    /// <param name="added">What is added, as long as <paramref name="numbers"/>.</param>
    /// <param name="factor">What that is multiplied by.</param>
    public static void ScaleAndAdd(Span<float> numbers, float kept, ReadOnlySpan<float> added, float factor)
    {
        for (int i = 0; i < numbers.Length; i += Lanes.Count)
            Lanes.Store(Vector512.MultiplyAddEstimate(Lanes.Load(added, i), Vector512.Create(factor), Lanes.Load(numbers, i) * Vector512.Create(kept)), numbers, i);
    }
}
