using System.IO.Compression;
using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Serialization;

/// <summary>Rows in archives of NumPy arrays, as numpy.savez writes them; of numpy.savez_compressed too, whose arrays are one block each.</summary>
internal sealed class NpzRows : RowFormat
{
    private const string MemberEnding = ".npy";

    // Behind a compressed array stands memory, so what it may take is bounded.
    private const long LargestInflated = 1L << 30;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Endings => [".npz"];

    /// <inheritdoc/>
    public override string PartName => "array";

    /// <inheritdoc/>
    public override RowShard Open(string path, string part)
    {
        RowLayout? inflated = null;
        string name = "";
        var stored = RowFile.TryOpen(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            string[] names = [.. zip.Entries.Where(entry => entry.FullName.EndsWith(MemberEnding, StringComparison.Ordinal)).Select(entry => entry.FullName[..^MemberEnding.Length])];
            name = Choose(path, part, names, names);
            var entry = zip.GetEntry(name + MemberEnding)!;
            string source = $"{path} ({name})";
            using var member = entry.Open();
            var header = NpyHeader.Read(member, source);
            var layout = NpyRows.Layout(header, source);
            if (layout.End != entry.Length) throw InputFile.Malformed(source, $"its rows take {layout.End} bytes where the archive holds {entry.Length} of it", "save it again");
            // A member that is only stored lies in the file as it is; where, the archive's reader does not tell, but its position does.
            if (StoredAt(stream, header.Length) is { } place && entry.CompressedLength == entry.Length) return layout with { Offset = place + header.Length };
            if (layout.Rows * layout.Columns > LargestInflated / sizeof(float) || layout.Rows > int.MaxValue || !InputFile.CanExpandTo(entry.CompressedLength, entry.Length))
                throw InputFile.Malformed(source, $"it takes {entry.Length} bytes once it is inflated, which is more than is read of a compressed array", "save it with numpy.savez instead of numpy.savez_compressed");
            inflated = layout;
            return null;
        });
        return stored ?? (RowShard)new Inflated(path, name, inflated!);
    }

    /// <summary>Returns where the member's first byte lies in the file, if its header was just read and is there as it is; else null.</summary>
    private static long? StoredAt(FileStream stream, long headerBytes)
    {
        long place = stream.Position - headerBytes;
        if (place < 0) return null;
        stream.Position = place;
        Span<byte> beginning = stackalloc byte[6];
        return stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) == beginning.Length && NpyHeader.IsBeginning(beginning) ? place : null;
    }

    /// <summary>Rows of a compressed array.</summary>
    private sealed class Inflated(string path, string name, RowLayout layout) : RowShard(path, layout.Rows, layout.Columns)
    {
        public override IReadOnlyList<int>? BlockRows { get; } = [(int)layout.Rows];

        public override void Read(long first, int count, Span<float> destination)
        {
            RequirePlace(first, count, destination);
            float[] values = InputFile.Read(Path, stream =>
            {
                using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
                var entry = zip.GetEntry(name + MemberEnding);
                if (entry is null || entry.Length != layout.End) throw InputFile.Malformed(Path, "it was changed while it was read", "put the file back");
                using var member = entry.Open();
                NpyHeader.Read(member, Path);
                for (long skipped = 0; skipped < first; skipped++) member.ReadExactly(new byte[layout.RowBytes]);
                float[] read = new float[count * Columns];
                byte[] row = new byte[layout.RowBytes];
                for (int i = 0; i < count; i++)
                {
                    member.ReadExactly(row);
                    Widen(row, read.AsSpan(i * Columns, Columns));
                }
                return read;
            });
            values.CopyTo(destination);
        }

        protected override void Dispose(bool disposing) { }

        private void Widen(ReadOnlySpan<byte> row, Span<float> values)
        {
            if (layout.Number == StoredNumber.Float16) Widening.FromHalf(MemoryMarshal.Cast<byte, ushort>(row), values);
            else if (layout.Number == StoredNumber.Float32) MemoryMarshal.Cast<byte, float>(row).CopyTo(values);
            else Widening.FromDouble(MemoryMarshal.Cast<byte, double>(row), values);
        }
    }
}
