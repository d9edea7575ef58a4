using System.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Correlation of features with binary attributes (paper Fig. 8; SPEC 6.10).</summary>
public static class PointBiserialCorrelation
{
    /// <summary>rho = (M1 - M0)/s * sqrt(n1 n0)/N per feature and attribute: M1 and M0 are the feature's means where the attribute is present and absent, s its population standard deviation over all N samples. Equals Pearson's correlation.</summary>
    /// <param name="codes">Codes, [N, d].</param>
    /// <param name="features">d.</param>
    /// <param name="labels">Attributes, [N, M].</param>
    /// <param name="attributes">M.</param>
    /// <returns>Correlations in [-1, 1], [d, M]; positive where the feature is larger with the attribute present (the published code's sign is reversed); 0 where a feature or an attribute is constant.</returns>
    public static double[] Compute<T>(ReadOnlySpan<T> codes, int features, ReadOnlySpan<bool> labels, int attributes) where T : INumber<T>
    {
        int count = RowMajor.Rows(codes, features, nameof(codes));
        RowMajor.RequireLength(labels, (long)count * attributes, nameof(labels));
        double[] columns = RowMajor.Transposed(codes, features);
        double[] correlations = new double[features * attributes];
        double[] presentSums = new double[attributes];
        int[] present = new int[attributes];
        for (int i = 0; i < labels.Length; i++)
            if (labels[i]) present[i % attributes]++;
        for (int feature = 0; feature < features; feature++)
        {
            Span<double> values = columns.AsSpan(feature * count, count);
            double deviation = Centre(values);
            if (deviation == 0) continue;
            Array.Clear(presentSums);
            for (int row = 0; row < count; row++)
                for (int attribute = 0; attribute < attributes; attribute++)
                    if (labels[row * attributes + attribute]) presentSums[attribute] += values[row];
            for (int attribute = 0; attribute < attributes; attribute++)
            {
                // Of a centred feature the absent sum is minus the present one.
                double ones = present[attribute], zeros = count - ones;
                if (ones > 0 && zeros > 0)
                    correlations[feature * attributes + attribute] = presentSums[attribute] * (1 / ones + 1 / zeros) / deviation * Math.Sqrt(ones * zeros) / count;
            }
        }
        return correlations;
    }

    /// <summary>Takes the mean off and gives the population standard deviation, exactly 0 for equal values.</summary>
    private static double Centre(Span<double> values)
    {
        double first = values[0], mean = 0, energy = 0;
        foreach (ref double value in values) mean += (value -= first) / values.Length;
        foreach (ref double value in values) energy += (value -= mean) * value;
        return Math.Sqrt(energy / values.Length);
    }
}
