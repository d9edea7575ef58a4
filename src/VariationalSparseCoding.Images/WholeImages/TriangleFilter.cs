namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>
/// The weights of antialiased bilinear resampling along one axis: output i is the sum over k of Weights[i, k] times input First[i] + k. With s = inputs / outputs and
/// r = max(s, 1), the weight of input x is proportional to the triangle max(0, 1 - |x + 1/2 - (i + 1/2) s| / r), and the weights of an output sum to 1.
/// </summary>
internal sealed class TriangleFilter
{
    /// <summary>Weights are whole multiples of 2^-22, so that sums of bytes are exact in 32 bits.</summary>
    public const int FractionBits = 22;

    private readonly int[] first, count, weights;

    /// <param name="inputs">Pixels along the axis, at least 1.</param>
    /// <param name="outputs">Pixels wanted, at least 1.</param>
    public TriangleFilter(int inputs, int outputs)
    {
        double scale = (double)inputs / outputs, reach = Math.Max(scale, 1);
        Taps = 2 * (int)Math.Ceiling(reach) + 1;
        (first, count, weights) = (new int[outputs], new int[outputs], new int[outputs * Taps]);
        double[] exact = new double[Taps];
        for (int i = 0; i < outputs; i++)
        {
            double centre = (i + 0.5) * scale;
            // The pixels whose middle lies within reach, rounded as the reference does it.
            first[i] = Math.Max(0, (int)(centre - reach + 0.5));
            count[i] = Math.Min(inputs, (int)(centre + reach + 0.5)) - first[i];
            double sum = 0;
            for (int k = 0; k < count[i]; k++) sum += exact[k] = Math.Max(0, 1 - Math.Abs((first[i] + k - centre + 0.5) / reach));
            for (int k = 0; k < count[i]; k++) weights[i * Taps + k] = (int)(exact[k] / sum * (1 << FractionBits) + 0.5);
        }
    }

    /// <summary>The most weights of an output.</summary>
    public int Taps { get; }

    /// <summary>The first input of an output.</summary>
    public int First(int output) => first[output];

    /// <summary>The weights of an output's inputs, in units of 2^-22.</summary>
    public ReadOnlySpan<int> Weights(int output) => weights.AsSpan(output * Taps, count[output]);
}
