using System.Buffers;
using System.Runtime.InteropServices;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Rows that lie in a file as plain numbers, read at their places. Nothing of the file is mapped into the process, so that memory does not grow with what is read,
/// and a file that was cut short meanwhile is an error and not the end of the process.
/// </summary>
internal sealed class RowFile : RowShard
{
    private const int BufferBytes = 1 << 18;

    private readonly FileStream stream;
    private readonly RowLayout layout;

    private RowFile(string path, FileStream stream, RowLayout layout) : base(path, layout.Rows, layout.Columns) => (this.stream, this.layout) = (stream, layout);

    /// <summary>Opens rows of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="find">Returns where the rows lie in the open file, within its length; the file's position may change.</param>
    /// <exception cref="InvalidInputException">The file is missing, or not of its format.</exception>
    public static RowFile Open(string path, Func<FileStream, RowLayout> find) => TryOpen(path, find)!;

    /// <summary>Opens rows of a file, if they lie in it as plain numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="find">Returns where the rows lie in the open file, or null if they do not lie in it as plain numbers; the file's position may change.</param>
    /// <returns>The rows, or null if that was returned.</returns>
    /// <exception cref="InvalidInputException">The file is missing, or not of its format.</exception>
    public static RowFile? TryOpen(string path, Func<FileStream, RowLayout?> find)
    {
        FileStream? stream = null;
        try
        {
            var layout = InputFile.Guard(path, () => find(stream = RegularFile.Open(path)));
            if (layout is not null && layout.End > stream!.Length) throw InputFile.Malformed(path, $"its rows end at byte {layout.End} but the file holds {stream.Length}", "copy or save it again");
            if (layout is not null) return new(path, stream!, layout);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
        stream!.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override void Read(long first, int count, Span<float> destination)
    {
        RequirePlace(first, count, destination);
        while (count > 0)
        {
            int neighbours = (int)Math.Min(count, layout.RunRows - first % layout.RunRows);
            ReadNeighbours(layout.Offset + layout.RowOf(first) * layout.RowBytes, destination[..(neighbours * Columns)]);
            destination = destination[(neighbours * Columns)..];
            (first, count) = (first + neighbours, count - neighbours);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => stream.Dispose();

    private void ReadNeighbours(long offset, Span<float> values)
    {
        if (layout.Number == StoredNumber.Float32)
        {
            ReadExactly(MemoryMarshal.AsBytes(values), offset);
            return;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(BufferBytes, values.Length * layout.ValueBytes));
        try
        {
            while (!values.IsEmpty)
            {
                int taken = Math.Min(values.Length, buffer.Length / layout.ValueBytes);
                var bytes = buffer.AsSpan(0, taken * layout.ValueBytes);
                ReadExactly(bytes, offset);
                if (layout.Number == StoredNumber.Float16) Widening.FromHalf(MemoryMarshal.Cast<byte, ushort>(bytes), values);
                else if (layout.Number == StoredNumber.BFloat16) Widening.FromBrain(MemoryMarshal.Cast<byte, ushort>(bytes), values);
                else Widening.FromDouble(MemoryMarshal.Cast<byte, double>(bytes), values);
                values = values[taken..];
                offset += bytes.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int read = RandomAccess.Read(stream.SafeFileHandle, bytes, offset);
                if (read == 0) throw InputFile.Malformed(Path, $"it was cut short while it was read: nothing is left at byte {offset}", "put the file back");
                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Malformed(Path, $"it cannot be read any more ({failure.Message})", "look at the disk", failure);
        }
    }
}
