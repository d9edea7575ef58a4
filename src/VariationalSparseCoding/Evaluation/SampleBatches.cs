using VariationalSparseCoding.Data;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Neighbouring samples of a set.</summary>
internal static class SampleBatches
{
    /// <summary>Copies samples, in the present dispose scope.</summary>
    /// <param name="samples">The set.</param>
    /// <param name="first">Number of the first sample.</param>
    /// <param name="count">How many, B.</param>
    /// <param name="device">Where they go.</param>
    /// <returns>[B, D].</returns>
    public static Tensor Batch(this ISampleSet samples, int first, int count, Device device)
    {
        var batch = empty([count, samples.Dimension]);
        samples.CopyRows([.. Enumerable.Range(first, count)], batch.Span<float>());
        return batch.to(device);
    }

    /// <summary>Copies samples.</summary>
    /// <param name="samples">The set.</param>
    /// <param name="first">Number of the first sample.</param>
    /// <param name="count">How many, B.</param>
    /// <returns>[B, D].</returns>
    public static float[] Rows(this ISampleSet samples, int first, int count)
    {
        float[] rows = new float[count * samples.Dimension];
        samples.CopyRows([.. Enumerable.Range(first, count)], rows);
        return rows;
    }
}
