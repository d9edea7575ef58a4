using System.IO.MemoryMappedFiles;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>Images at the beginning of a file that is mapped into memory: they may take more room than the machine's memory has.</summary>
internal sealed unsafe class MappedImageBytes : ImageBytes
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private readonly int size;
    private readonly uint[] checksums;
    private readonly bool[] isChecked;
    private readonly MappedLength length;
    private bool disposed;

    /// <param name="path">The file, which stays mapped when another takes its name.</param>
    /// <param name="size">Bytes of an image, D.</param>
    /// <param name="checksums">The CRC-32C of each image that the file begins with, [N], N at least 1; their bytes were found to be there.</param>
    public MappedImageBytes(string path, int size, uint[] checksums)
    {
        int count = checksums.Length;
        (this.size, this.checksums, isChecked) = (size, checksums, new bool[count]);
        length = new(path, (long)count * size);
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
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, checksums.Length);
        length.Require();
        var image = new ReadOnlySpan<byte>(start + (long)index * size, size);
        if (isChecked[index]) return image;
        if (Crc32C.Of(image) != checksums[index]) throw InputFile.Malformed(length.Path, $"image {index} of this cache is damaged", "remove the file, and it is made again");
        isChecked[index] = true;
        return image;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
        length.Dispose();
        base.Dispose();
    }
}
