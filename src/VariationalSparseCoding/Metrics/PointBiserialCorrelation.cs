using System.Numerics;
using static TorchSharp.torch;

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
        using var scope = NewDisposeScope();
        // Taking a sample off first leaves exact zeros of a constant feature, whatever its mean rounds to.
        Tensor origin = RowMajor.ToTensor(codes[..features], features);
        Tensor mean = zeros(features, ScalarType.Float64);
        foreach (var block in RowMajor.Blocks(count, features))
        {
            using var inner = NewDisposeScope();
            mean.add_(RowMajor.ToTensor(block.Of(codes, features), features).sub_(origin).sum([0]));
        }
        origin += mean.div_(count);
        Tensor energy = zeros(features, ScalarType.Float64), presentSums = zeros([features, attributes], ScalarType.Float64), present = zeros(attributes, ScalarType.Float64);
        foreach (var block in RowMajor.Blocks(count, features))
        {
            using var inner = NewDisposeScope();
            Tensor centred = RowMajor.ToTensor(block.Of(codes, features), features).sub_(origin), marks = Marks(block.Of(labels, attributes), attributes);
            presentSums.addmm_(centred.t(), marks);
            present.add_(marks.sum([0]));
            energy.add_(centred.mul_(centred).sum([0]));
        }
        // Of a centred feature the absent sum is minus the present one, so M1 - M0 is the present sum times (1/n1 + 1/n0).
        Tensor deviation = (energy / count).sqrt_(), absent = count - present;
        Tensor correlations = presentSums / deviation.unsqueeze(1) / (present * absent).sqrt_();
        Tensor defined = (deviation > 0).unsqueeze(1) & (present * absent > 0);
        return RowMajor.ToArray(where(defined, correlations, zeros_like(correlations)));
    }

    private static Tensor Marks(ReadOnlySpan<bool> labels, int attributes)
    {
        double[] marks = new double[labels.Length];
        for (int i = 0; i < marks.Length; i++) marks[i] = labels[i] ? 1 : 0;
        return tensor(marks, labels.Length / attributes, attributes);
    }
}
