using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>Whole images that are kept as bytes; a value is byte / 255, in [0, 1].</summary>
/// <param name="bytes">The images; disposed with this set.</param>
/// <param name="shape">Their shape.</param>
/// <param name="images">Which of them are samples, in order, [N].</param>
internal sealed class ImageSet(ImageBytes bytes, ImageShape shape, int[] images) : ISampleSet
{
    private static readonly float[] Values = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(value => value / (float)byte.MaxValue)];

    /// <inheritdoc/>
    public int Count => images.Length;

    /// <inheritdoc/>
    public int Dimension => shape.Size;

    /// <inheritdoc/>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        float[] values = Values;
        for (int i = 0; i < rows.Length; i++)
        {
            var source = bytes.Image(images[rows[i]]);
            var sample = destination.Slice(i * Dimension, source.Length);
            for (int j = 0; j < sample.Length; j++) sample[j] = values[source[j]];
        }
    }

    /// <summary>Closes the images, which training and validation samples may share.</summary>
    public void Dispose() => bytes.Dispose();
}
