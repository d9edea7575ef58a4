using System.IO.MemoryMappedFiles;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>Images at the beginning of a file that is mapped into memory: they may take more room than the machine's memory has.</summary>
internal sealed unsafe class MappedImageBytes : ImageBytes
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private readonly int count, size;
    private bool disposed;

    /// <param name="path">The file, which stays mapped when another takes its name.</param>
    /// <param name="count">How many images it begins with, N at least 1; their bytes were found to be there.</param>
    /// <param name="size">Bytes of an image, D.</param>
    public MappedImageBytes(string path, int count, int size)
    {
        (this.count, this.size) = (count, size);
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, (long)count * size, MemoryMappedFileAccess.Read);
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        start = first + view.PointerOffset;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Image(int index)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return new(start + (long)index * size, size);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
        base.Dispose();
    }
}
