namespace VariationalSparseCoding.Training;

/// <summary>The first samples of a stream, kept until there are enough to learn the standardisation from.</summary>
/// <param name="dimension">D.</param>
/// <param name="needed">How many samples are enough.</param>
internal sealed class StandardisationBuffer(int dimension, int needed)
{
    private readonly float[] samples = new float[dimension * needed];

    /// <summary>D.</summary>
    public int Dimension => dimension;

    /// <summary>How many samples there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there are enough.</summary>
    public bool IsComplete => Count == needed;

    /// <summary>The samples, [N, D].</summary>
    public ReadOnlySpan<float> Samples => samples.AsSpan(0, Count * dimension);

    /// <summary>Takes what is still needed.</summary>
    /// <param name="block">Checked samples, [N, D].</param>
    /// <returns>The samples that were not needed.</returns>
    public ReadOnlySpan<float> Add(ReadOnlySpan<float> block)
    {
        int taken = Math.Min(block.Length, (needed - Count) * dimension);
        block[..taken].CopyTo(samples.AsSpan(Count * dimension));
        Count += taken / dimension;
        return block[taken..];
    }
}
