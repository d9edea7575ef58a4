using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Training;

/// <summary>Groups the samples of a stream into batches, in order. It holds one batch, however long the stream.</summary>
internal sealed class BatchAssembler
{
    private readonly Preprocessing preprocessing;
    private readonly float[] batch;
    private readonly int size;
    private int filled;

    /// <summary>Receives a full batch.</summary>
    /// <param name="batch">[B, D]; valid until the call returns.</param>
    public delegate void BatchReceiver(ReadOnlySpan<float> batch);

    /// <summary>Creates an empty batch.</summary>
    /// <param name="size">B.</param>
    /// <param name="preprocessing">What is done to the samples.</param>
    public BatchAssembler(int size, Preprocessing preprocessing)
    {
        (this.size, this.preprocessing) = (size, preprocessing);
        batch = new float[checked(size * preprocessing.Dimension)];
    }

    /// <summary>Adds samples and hands over each batch as soon as it is full; what is left waits for the next.</summary>
    /// <param name="samples">Checked samples before standardisation, [N, D].</param>
    /// <param name="full">Receives full batches, [B, D]; they are overwritten afterwards.</param>
    /// <param name="cancellationToken">Stops between batches; samples not yet trained on are lost.</param>
    public void Add(ReadOnlySpan<float> samples, BatchReceiver full, CancellationToken cancellationToken)
    {
        int dimension = preprocessing.Dimension;
        while (!samples.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int taken = Math.Min(size - filled, samples.Length / dimension);
            var place = batch.AsSpan(filled * dimension, taken * dimension);
            samples[..place.Length].CopyTo(place);
            preprocessing.Standardise(place);
            samples = samples[place.Length..];
            filled += taken;
            if (filled < size) return;
            filled = 0;
            full(batch);
        }
    }
}
