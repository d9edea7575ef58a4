namespace VariationalSparseCoding.Data;

/// <summary>What is known of each sample: whether each of M attributes holds.</summary>
/// <param name="Names">The attributes' names, [M].</param>
/// <param name="Train">1 where an attribute holds of a training sample, else 0, [N, M], in the order of the training samples.</param>
/// <param name="Validation">The same of the validation samples.</param>
internal sealed record SampleLabels(IReadOnlyList<string> Names, ReadOnlyMemory<byte> Train, ReadOnlyMemory<byte> Validation)
{
    /// <summary>Classes as attributes of which exactly one holds.</summary>
    /// <param name="classes">The class of each sample, [N], each below <paramref name="count"/>.</param>
    /// <param name="count">How many classes there are, M.</param>
    /// <returns>[N, M].</returns>
    internal static byte[] OneHot(ReadOnlySpan<byte> classes, int count)
    {
        byte[] labels = new byte[classes.Length * count];
        for (int i = 0; i < classes.Length; i++) labels[i * count + classes[i]] = 1;
        return labels;
    }
}
