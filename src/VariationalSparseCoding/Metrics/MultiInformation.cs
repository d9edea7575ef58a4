using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>The plug-in multi-information of codes and its parts, in bits.</summary>
/// <param name="MarginalBits">Plug-in entropy of each quantised feature, [d].</param>
/// <param name="JointBits">Plug-in entropy of the quantised codes; never above <paramref name="SaturationBits"/>.</param>
/// <param name="SaturationBits">log2 N: what the joint entropy shows as soon as all N rows differ, whatever their distribution.</param>
internal sealed record MultiInformationEstimate(IReadOnlyList<double> MarginalBits, double JointBits, double SaturationBits)
{
    /// <summary>sum_i H(z_i) - H(z_1, ..., z_d). Where the joint entropy is saturated this is sum_i H(z_i) - log2 N: it measures N and the marginals, not redundancy.</summary>
    public double MultiInformationBits => MarginalBits.Sum() - JointBits;

    /// <summary>Joint entropy relative to log2 N, in [0, 1]; near 1 the estimate says nothing about dependence. 1 for a single row.</summary>
    public double Saturation => SaturationBits == 0 ? 1 : JointBits / SaturationBits;
}

/// <summary>Multi-information (total correlation) of codes by the published plug-in estimator (paper section 4.1; docs/mathematics.md section 6.3).</summary>
internal static class MultiInformation
{
    // Edges this close about zero give the exact zero a symbol of its own: no other float falls between them.
    private const double ZeroEdge = 1e-50, Range = 2;

    /// <summary>The plug-in estimate sum_i H(z_i) - H(z) over quantised codes.</summary>
    /// <remarks>
    /// Edges are <paramref name="edges"/> equally spaced values from -2 to 2 and +-1e-50; symbol i holds edge[i-1] &lt;= z &lt; edge[i], the outer symbols
    /// are open. Entropies are -sum p log2 p of relative frequencies.
    /// </remarks>
    /// <param name="codes">Codes, [N, d]; infinities fall into the outer symbols.</param>
    /// <param name="features">d.</param>
    /// <param name="edges">Equally spaced edges, in [2, 253]: 20 for the paper's linear generator, 30 for its deep ones.</param>
    /// <exception cref="InvalidInputException">A code is not a number.</exception>
    public static MultiInformationEstimate Estimate<T>(ReadOnlySpan<T> codes, int features, int edges = 20) where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edges, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edges, 253);
        int rows = RowMajor.Rows(codes, features, nameof(codes));
        double[] sortedEdges = Edges(edges);
        byte[] symbols = new byte[codes.Length];
        int[] hashes = new int[rows];
        int[] undefined = new int[rows];
        RowMajor.ForEachRow(codes, features, (row, values) =>
        {
            Span<byte> quantised = symbols.AsSpan(row * features, features);
            if (!Quantise(values, sortedEdges, quantised)) undefined[row] = 1;
            var hash = new HashCode();
            hash.AddBytes(quantised);
            hashes[row] = hash.ToHashCode();
        });
        int firstUndefined = Array.IndexOf(undefined, 1);
        if (firstUndefined >= 0) throw new InvalidInputException($"The codes of sample {firstUndefined} hold NaN; check that training has not diverged.");

        int alphabet = sortedEdges.Length + 1;
        int[] counts = new int[features * alphabet];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> quantised = symbols.AsSpan(row * features, features);
            for (int feature = 0; feature < features; feature++) counts[feature * alphabet + quantised[feature]]++;
        }
        double[] marginals = new double[features];
        for (int feature = 0; feature < features; feature++) marginals[feature] = EntropyBits(counts.Skip(feature * alphabet).Take(alphabet), rows);

        var occurrences = new Dictionary<int, int>(rows, new RowComparer(symbols, features, hashes));
        for (int row = 0; row < rows; row++) occurrences[row] = occurrences.GetValueOrDefault(row) + 1;
        return new MultiInformationEstimate(marginals, EntropyBits(occurrences.Values, rows), Math.Log2(rows));
    }

    private static double[] Edges(int count)
    {
        double spacing = 2 * Range / (count - 1);
        var edges = Enumerable.Range(0, count).Select(i => i == count - 1 ? Range : -Range + i * spacing);
        return [.. edges.Append(-ZeroEdge).Append(ZeroEdge).Order()];
    }

    /// <summary>Writes each value's symbol, the number of edges at or below it; false where a value is not a number.</summary>
    private static bool Quantise<T>(ReadOnlySpan<T> values, double[] edges, Span<byte> symbols) where T : INumber<T>
    {
        bool defined = true;
        double symbolsPerUnit = (edges.Length - 3) / (2 * Range);
        for (int i = 0; i < symbols.Length; i++)
        {
            double value = double.CreateTruncating(values[i]);
            defined &= !double.IsNaN(value);
            // The spacing gives the symbol but for the two edges about zero and rounding, which comparisons settle.
            double guess = (value + Range) * symbolsPerUnit + (value < 0 ? 1 : 3);
            int symbol = (int)Math.Clamp(guess, 0, edges.Length);
            while (symbol > 0 && value < edges[symbol - 1]) symbol--;
            while (symbol < edges.Length && value >= edges[symbol]) symbol++;
            symbols[i] = (byte)symbol;
        }
        return defined;
    }

    private static double EntropyBits(IEnumerable<int> counts, int total)
    {
        double sum = 0;
        foreach (int count in counts)
            if (count > 0) sum += count * Math.Log2((double)total / count);
        // Rounding must not lift the entropy of N different rows above log2 N.
        return Math.Min(sum / total, Math.Log2(total));
    }

    /// <summary>Rows are equal where all their symbols are; hashes only find the candidates.</summary>
    private sealed class RowComparer(byte[] symbols, int features, int[] hashes) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => Row(x).SequenceEqual(Row(y));

        public int GetHashCode(int row) => hashes[row];

        private ReadOnlySpan<byte> Row(int row) => symbols.AsSpan(row * features, features);
    }
}
