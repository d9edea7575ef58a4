using VariationalSparseCoding.Data;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Neighbouring samples of a set as a tensor.</summary>
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
}
