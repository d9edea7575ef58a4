using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Inference;

/// <summary>Neighbouring samples of a set.</summary>
internal static class SampleBatches
{
    /// <summary>Returns some samples, [count, D].</summary>
    /// <param name="samples">The set.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="count">How many.</param>
    public static float[] Rows(this ISampleSet samples, int first, int count)
    {
        float[] rows = new float[checked(count * samples.Dimension)];
        samples.CopyRows([.. Enumerable.Range(first, count)], rows);
        return rows;
    }
}
