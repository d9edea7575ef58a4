using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Correlation of features with binary attributes (paper Fig. 8; docs/mathematics.md section 6.10).</summary>
internal static class PointBiserialCorrelation
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
        // Taking a sample off first leaves exact zeros of a constant feature, whatever its mean rounds to.
        double[] origin = RowMajor.ToDouble(codes[..features]), means = new double[features], centred = new double[features];
        for (int row = 0; row < count; row++)
        {
            var code = codes.Slice(row * features, features);
            for (int feature = 0; feature < features; feature++) means[feature] += double.CreateTruncating(code[feature]) - origin[feature];
        }
        for (int feature = 0; feature < features; feature++) origin[feature] += means[feature] / count;

        // Of a centred feature the absent sum is minus the present one, so M1 - M0 is the present sum times (1/n1 + 1/n0).
        double[] energies = new double[features], presentSums = new double[(long)attributes * features];
        int[] present = new int[attributes];
        for (int row = 0; row < count; row++)
        {
            var code = codes.Slice(row * features, features);
            for (int feature = 0; feature < features; feature++)
            {
                double value = centred[feature] = double.CreateTruncating(code[feature]) - origin[feature];
                energies[feature] += value * value;
            }
            for (int attribute = 0; attribute < attributes; attribute++)
            {
                if (!labels[row * attributes + attribute]) continue;
                present[attribute]++;
                Add(centred, presentSums.AsSpan(attribute * features, features));
            }
        }

        double[] correlations = new double[(long)features * attributes];
        for (int attribute = 0; attribute < attributes; attribute++)
        {
            double balance = Math.Sqrt((double)present[attribute] * (count - present[attribute]));
            for (int feature = 0; feature < features; feature++)
            {
                double deviation = Math.Sqrt(energies[feature] / count);
                if (deviation > 0 && balance > 0) correlations[feature * attributes + attribute] = presentSums[attribute * features + feature] / deviation / balance;
            }
        }
        return correlations;
    }

    private static void Add(ReadOnlySpan<double> values, Span<double> sums)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= values.Length; i += Vector<double>.Count)
            (new Vector<double>(sums[i..]) + new Vector<double>(values[i..])).CopyTo(sums[i..]);
        for (; i < values.Length; i++) sums[i] += values[i];
    }
}
