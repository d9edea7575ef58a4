using System.Globalization;
using System.IO.Compression;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// State dicts in files of torch.save (torch 1.6 and later): a zip archive of a pickle, which says what the tensors are, and of their storages. The pickle is read as a description
/// (<see cref="TorchPickle"/>), and nothing in it is executed. Tensors of float16, bfloat16, float32, float64, int32, int64, uint8 and bool come out with the last index running
/// fastest, whatever their strides.
/// </summary>
internal static class TorchFile
{
    private const string PickleName = "data.pkl", Advice = "save the model again with torch.save(model.state_dict(), path)";

    // A state dict of a few dozen tensors takes a few kilobytes.
    private const int LongestPickle = 1 << 20;

    // Views of one storage may be saved twice, such as tied weights.
    private const int MostCopies = 2;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or holds anything but tensors by name.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path) => InputFile.Read(path, stream =>
    {
        RequireArchive(path, stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry[] pickles = [.. zip.Entries.Where(entry => entry.FullName == PickleName || entry.FullName.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles is not [var pickle]) throw Malformed(path, $"it holds {pickles.Length} files named {PickleName} where a file of torch.save has one");
        string folder = pickle.FullName[..^PickleName.Length];
        if (zip.GetEntry(folder + "byteorder") is { } order && ReadMember(path, order, LongestPickle).AsSpan().IndexOf("big"u8) >= 0)
            throw InputFile.Malformed(path, "its numbers are big endian", "save it again on a little-endian machine");
        var described = TorchPickle.Read(ReadMember(path, pickle, LongestPickle), path);
        return new Storages(path, zip, folder, MostCopies * stream.Length).Tensors(described);
    });

    /// <summary>The exception for content that cannot be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">What is wrong.</param>
    public static InvalidInputException Malformed(string path, string cause) => InputFile.Malformed(path, cause, Advice);

    private static void RequireArchive(string path, FileStream stream)
    {
        Span<byte> beginning = stackalloc byte[2];
        int read = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read == beginning.Length && beginning.SequenceEqual("PK"u8)) return;
        throw Malformed(path, read > 0 && beginning[0] == TorchPickle.Beginning ? "it is a plain pickle, as torch before 1.6 wrote it, which is not read" : "it is not a file of torch.save");
    }

    private static byte[] ReadMember(string path, ZipArchiveEntry entry, long most)
    {
        if (entry.Length > most || !InputFile.CanExpandTo(entry.CompressedLength, entry.Length))
            throw Malformed(path, $"its part '{entry.FullName}' declares {entry.Length} bytes, more than it can have");
        using var member = entry.Open();
        return Safetensors.ReadBytes(member, (int)entry.Length, isThere: false);
    }

    /// <summary>The storages of a file, each read once.</summary>
    private sealed class Storages(string path, ZipArchive zip, string folder, long most)
    {
        private readonly Dictionary<string, byte[]> read = [];
        private long readBytes, tensorBytes;

        public Dictionary<string, StoredTensor> Tensors(IReadOnlyList<(string Name, TorchTensor Tensor)> described)
        {
            var tensors = new Dictionary<string, StoredTensor>();
            foreach (var (name, tensor) in described)
                if (!tensors.TryAdd(name, Tensor(name, tensor))) throw Malformed(path, $"it names the tensor '{name}' twice");
            return tensors;
        }

        private StoredTensor Tensor(string name, TorchTensor tensor)
        {
            int width = tensor.Storage.Type.Bytes;
            // Never more elements than the storage has: a view that repeats some would take memory that no file justifies.
            if (tensor.ElementCount is not { } count || count > tensor.Storage.Count || (tensorBytes += count * width) > most)
                throw Malformed(path, $"tensor '{name}' of shape [{string.Join(", ", tensor.Shape)}] has more elements than the file");
            if (count * width > Array.MaxLength) throw Malformed(path, $"tensor '{name}' takes {count * width} bytes, and tensors of 2 GB and more are not read");
            if (count == 0) return new(name, tensor.Storage.Type, tensor.Shape, []);
            if (tensor.LastElement is not { } last || last >= tensor.Storage.Count) throw Malformed(path, $"tensor '{name}' goes beyond its storage");
            byte[] source = Read(tensor.Storage), values = new byte[count * width];
            if (tensor.IsContiguous) source.AsSpan((int)tensor.Offset * width, values.Length).CopyTo(values);
            else Gather(tensor, source, values, width);
            return new(name, tensor.Storage.Type, tensor.Shape, values);
        }

        private static void Gather(TorchTensor tensor, byte[] source, byte[] values, int width)
        {
            long[] index = new long[tensor.Shape.Length];
            long place = tensor.Offset;
            for (int written = 0; written < values.Length; written += width)
            {
                source.AsSpan((int)(place * width), width).CopyTo(values.AsSpan(written));
                for (int dimension = index.Length - 1; dimension >= 0; dimension--)
                {
                    place += tensor.Strides[dimension];
                    if (++index[dimension] < tensor.Shape[dimension]) break;
                    place -= index[dimension] * tensor.Strides[dimension];
                    index[dimension] = 0;
                }
            }
        }

        private byte[] Read(TorchStorage storage)
        {
            if (read.TryGetValue(storage.Key, out byte[]? known)) return known.Length == storage.Count * storage.Type.Bytes ? known : throw Contradiction(storage, known.Length);
            var entry = zip.GetEntry($"{folder}data/{storage.Key}") ?? throw Malformed(path, $"its storage '{storage.Key}' is missing");
            long bytes = storage.Count * storage.Type.Bytes;
            if (entry.Length != bytes) throw Contradiction(storage, entry.Length);
            // Members of an archive may lie over each other.
            if ((readBytes += bytes) > most) throw Malformed(path, "its storages take more bytes than the file has");
            return read[storage.Key] = ReadMember(path, entry, Array.MaxLength);
        }

        private InvalidInputException Contradiction(TorchStorage storage, long bytes) =>
            Malformed(path, string.Create(CultureInfo.InvariantCulture, $"its storage '{storage.Key}' has {bytes} bytes where {storage.Count} numbers of {storage.Type.Name} take {storage.Count * storage.Type.Bytes}"));
    }
}

/// <summary>Numbers that tensors are views of.</summary>
/// <param name="Key">The name of its part of the archive.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">How many.</param>
internal sealed record TorchStorage(string Key, SafetensorsType Type, long Count);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The first element's place, at least 0.</param>
/// <param name="Shape">Lengths of the dimensions, each at least 0.</param>
/// <param name="Strides">Elements from one index to the next, each at least 0, as many.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>The number of elements; null if it is more than any file can hold.</summary>
    public long? ElementCount
    {
        get
        {
            // An empty tensor may not hide lengths that no tensor has.
            Int128 count = 1;
            foreach (long length in Shape)
                if ((count *= Math.Max(length, 1)) > Array.MaxLength) return null;
            return Shape.Contains(0) ? 0 : (long)count;
        }
    }

    /// <summary>The place of the last element, of a tensor that has elements; null if it is beyond any storage.</summary>
    public long? LastElement
    {
        get
        {
            Int128 place = Offset;
            for (int dimension = 0; dimension < Shape.Length; dimension++)
                if ((place += (Int128)(Shape[dimension] - 1) * Strides[dimension]) > long.MaxValue) return null;
            return (long)place;
        }
    }

    /// <summary>Whether the elements lie side by side with the last index running fastest.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int dimension = Shape.Length - 1; dimension >= 0; dimension--)
            {
                if (Shape[dimension] != 1 && Strides[dimension] != expected) return false;
                expected *= Shape[dimension];
            }
            return true;
        }
    }
}
