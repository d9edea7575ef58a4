namespace VariationalSparseCoding.Inference;

/// <summary>The samples that codes stand for, as they were before preprocessing.</summary>
internal static class CodeDecoding
{
    private const int BlockRows = 1000;

    /// <summary>Computes samples, with the standardisation undone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="samples">Receives the samples, [N, D]; may be longer.</param>
    public static void Decode(SparseCodingModel model, ReadOnlySpan<float> codes, Span<float> samples)
    {
        int atoms = model.Atoms, dimension = model.Dimension;
        var written = samples[..(codes.Length / atoms * dimension)];
        for (int first = 0; first < codes.Length / atoms; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, codes.Length / atoms - first);
            model.Decode(codes.Slice(first * atoms, rows * atoms), written.Slice(first * dimension, rows * dimension));
        }
        model.Preprocessing.Restore(written);
    }
}
