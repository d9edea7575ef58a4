namespace VariationalSparseCoding.Tests.Exchange;

/// <summary>What other programs compute, as plainly as it can be written, in double precision.</summary>
internal static class ReferenceCodes
{
    /// <summary>The gate of a feature: from all of h to the code.</summary>
    public delegate double[] Gate(double[] h);

    /// <summary>Codes and reconstructions, [N, d] and [N, D].</summary>
    /// <param name="coder">The numbers.</param>
    /// <param name="samples">Samples, [N, D].</param>
    /// <param name="centred">Whether the encoder sees x - b_dec.</param>
    /// <param name="gate">From h = W_enc x + b_enc to the code.</param>
    /// <param name="atoms">W_dec, if it is another than the coder's.</param>
    public static (double[] Codes, double[] Samples) Of(ForeignCoder coder, float[] samples, bool centred, Gate gate, float[]? atoms = null)
    {
        int dimension = coder.Dimension, features = coder.Features;
        return Each(coder, samples, x =>
        {
            double[] h = new double[features];
            for (int i = 0; i < features; i++)
            {
                h[i] = coder.Bias[i];
                for (int j = 0; j < dimension; j++) h[i] += (double)coder.Encoder[i * dimension + j] * (x[j] - (centred ? (double)coder.Offset[j] : 0));
            }
            return gate(h);
        }, atoms ?? coder.Atoms);
    }

    /// <summary>Codes by matching pursuit on the coder's atoms.</summary>
    public static (double[] Codes, double[] Samples) Pursuit(ForeignCoder coder, float[] samples, double threshold, int steps, bool stopsAtRepetition)
    {
        int dimension = coder.Dimension, features = coder.Features;
        return Each(coder, samples, x =>
        {
            double[] residual = [.. Enumerable.Range(0, dimension).Select(j => x[j] - (double)coder.Offset[j])], code = new double[features];
            for (int step = 0; step < steps; step++)
            {
                double[] products = [.. Enumerable.Range(0, features).Select(i => Enumerable.Range(0, dimension).Sum(j => coder.Atoms[i * dimension + j] * residual[j]))];
                int best = Array.IndexOf(products, products.Max());
                bool isRepeated = products[best] <= 0 || code[best] != 0;
                code[best] += Math.Max(0, products[best]);
                for (int j = 0; j < dimension; j++) residual[j] -= Math.Max(0, products[best]) * coder.Atoms[best * dimension + j];
                if (stopsAtRepetition && isRepeated || threshold > 0 && Math.Sqrt(residual.Sum(value => value * value)) < threshold) break;
            }
            return code;
        }, coder.Atoms);
    }

    /// <summary>The k largest, where above 0.</summary>
    public static Gate TopK(int k) => h =>
    {
        var kept = Enumerable.Range(0, h.Length).OrderByDescending(i => h[i]).Take(k).ToHashSet();
        return [.. h.Select((value, i) => kept.Contains(i) ? Math.Max(0, value) : 0)];
    };

    /// <summary>Those above 0 and their thresholds.</summary>
    public static Gate Jump(float[] thresholds) => h => [.. h.Select((value, i) => value > thresholds[i] ? Math.Max(0, value) : 0)];

    /// <summary>Two paths: (u + b_gate > 0) max(0, exp(r) u + b_mag), h being u + b_gate.</summary>
    public static Gate Gated(ForeignCoder coder) => h => [.. h.Select((value, i) => value > 0 ? Math.Max(0, Math.Exp(coder.MagnitudeScale[i]) * (value - coder.Bias[i]) + coder.MagnitudeBias[i]) : 0)];

    /// <summary>The largest of each of k groups, where above 0.</summary>
    public static Gate GroupMax(int k) => h => [.. h.Select((value, i) => value == h.Skip(i / (h.Length / k) * (h.Length / k)).Take(h.Length / k).Max() ? Math.Max(0, value) : 0)];

    private static (double[], double[]) Each(ForeignCoder coder, float[] samples, Func<float[], double[]> encode, float[] atoms)
    {
        int dimension = coder.Dimension, rows = samples.Length / dimension;
        List<double> codes = [], reconstructions = [];
        for (int row = 0; row < rows; row++)
        {
            double[] code = encode(samples[(row * dimension)..((row + 1) * dimension)]);
            codes.AddRange(code);
            for (int j = 0; j < dimension; j++) reconstructions.Add(coder.Offset[j] + Enumerable.Range(0, code.Length).Sum(i => code[i] * atoms[i * dimension + j]));
        }
        return ([.. codes], [.. reconstructions]);
    }
}
