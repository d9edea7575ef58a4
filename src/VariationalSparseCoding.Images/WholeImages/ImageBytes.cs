namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>Images of one shape as bytes, channel after channel, row by row. Reading is safe from several threads.</summary>
internal abstract class ImageBytes : IDisposable
{
    /// <summary>The bytes of an image, [D].</summary>
    /// <param name="index">Which image.</param>
    public abstract ReadOnlySpan<byte> Image(int index);

    /// <summary>Frees what is held outside of managed memory; may be called again.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Images in memory.</summary>
/// <param name="bytes">[N, D].</param>
/// <param name="size">D.</param>
internal sealed class MemoryImageBytes(ReadOnlyMemory<byte> bytes, int size) : ImageBytes
{
    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Image(int index) => bytes.Span.Slice(index * size, size);
}
