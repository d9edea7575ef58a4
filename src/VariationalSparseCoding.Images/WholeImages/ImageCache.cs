using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>
/// The images of a source, cropped and resized once and kept in one file. It holds the images that could be decoded, [N, C, S, S] bytes; then for every image of the
/// source 1 where it is among them, else 0; then the CRC-32C of each image, [N]; then a trailer: a mark, the SHA-256 of what the images were made of and how, the number of images of the source, and N.
/// </summary>
internal static class ImageCache
{
    private const int ImagesPerBlock = 512, HashBytes = 32, NamesInMessage = 5;
    private static ReadOnlySpan<byte> Mark => "vscpix02"u8;
    private static int TrailerBytes => Mark.Length + HashBytes + 2 * sizeof(int);

    /// <summary>Opens the cache of a source, after making it where it is missing or belongs to other files.</summary>
    /// <param name="source">Where the images are.</param>
    /// <param name="entries">Which of them, at least 1.</param>
    /// <param name="plan">What is made of each.</param>
    /// <param name="skipBad">Whether images that cannot be decoded are left out; else they are an error.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the making; nothing is left.</param>
    /// <returns>The images, which the caller disposes, and the place of each entry among them, or -1 where it was left out.</returns>
    /// <exception cref="InvalidInputException">Images are damaged, or none can be decoded.</exception>
    public static (ImageBytes Images, int[] Places) Open(
        ImageCollection source, IReadOnlyList<ImageEntry> entries, ImagePlan plan, bool skipBad, IProgress<ImageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string path = PathOf(source, plan);
        byte[] hash = Hash(entries, plan);
        var index = ReadIndex(path, hash, entries.Count, plan.Shape.Size);
        if (index is null)
        {
            // Of several processes one makes the file, and the others wait for it.
            using var turn = FileLock.Take(path + ".lock", cancellationToken);
            index = ReadIndex(path, hash, entries.Count, plan.Shape.Size);
            if (index is null)
            {
                string[] faults = Make(path, hash, source, entries, plan, progress, cancellationToken);
                // The file stays: whoever leaves the damaged images out need not wait again.
                if (faults.Length > 0 && !skipBad) throw Refusal(source, faults);
                index = ReadIndex(path, hash, entries.Count, plan.Shape.Size)
                    ?? throw new IOException($"{path}: was changed by another program while it was made.");
            }
        }
        var (isThere, checksums) = index.Value;
        int bad = isThere.Count((byte)0);
        if (bad > 0 && !skipBad) throw Refusal(source, [.. entries.Where((_, i) => isThere[i] == 0).Select(entry => $"{source.NameOf(entry)}: the image cannot be decoded")]);
        int[] places = new int[entries.Count];
        int place = 0;
        for (int i = 0; i < places.Length; i++) places[i] = isThere[i] == 1 ? place++ : -1;
        return (new MappedImageBytes(path, plan.Shape.Size, checksums), places);
    }

    /// <summary>Where the cache of a source is kept.</summary>
    public static string PathOf(ImageCollection source, ImagePlan plan)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Path.GetFullPath(source.Location)}\n{plan}"));
        return Path.Combine(CacheFolder.Path, $"images-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.pixels");
    }

    private static byte[] Hash(IReadOnlyList<ImageEntry> entries, ImagePlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(plan.ToString()));
        foreach (var entry in entries) hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"\n{entry.Name}\0{entry.Length}\0{entry.Stamp}")));
        return hash.GetHashAndReset();
    }

    /// <summary>Which entries are in the file, [entries], and their checksums, [N]; null where it is missing, incomplete, or made of something else.</summary>
    private static (byte[] Flags, uint[] Checksums)? ReadIndex(string path, byte[] hash, int entries, int size)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 }) return null;
        return InputFile.Read<(byte[], uint[])?>(path, stream =>
        {
            byte[] trailer = new byte[TrailerBytes];
            if (stream.Length < trailer.Length + entries) return null;
            stream.Position = stream.Length - trailer.Length;
            stream.ReadExactly(trailer);
            var counts = trailer.AsSpan(Mark.Length + HashBytes);
            int kept = BinaryPrimitives.ReadInt32LittleEndian(counts[sizeof(int)..]);
            long before = (long)kept * size;
            bool isSound = trailer.AsSpan().StartsWith(Mark) && trailer.AsSpan(Mark.Length, HashBytes).SequenceEqual(hash)
                && BinaryPrimitives.ReadInt32LittleEndian(counts) == entries && kept > 0 && kept <= entries && stream.Length == before + entries + (long)kept * sizeof(uint) + trailer.Length;
            if (!isSound) return null;
            byte[] flags = new byte[entries], sums = new byte[kept * sizeof(uint)];
            stream.Position = before;
            stream.ReadExactly(flags);
            stream.ReadExactly(sums);
            return flags.AsSpan().Count((byte)1) == kept && !flags.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1) ? (flags, MemoryMarshal.Cast<byte, uint>(sums).ToArray()) : null;
        });
    }

    /// <summary>Makes the file, and tells what is wrong with the images that are not in it.</summary>
    private static string[] Make(
        string path, byte[] hash, ImageCollection source, IReadOnlyList<ImageEntry> entries, ImagePlan plan, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        string?[] faults = new string?[entries.Count];
        AtomicFile.Write(path, stream =>
        {
            int size = plan.Shape.Size, kept = 0;
            var checksums = new List<uint>();
            byte[] flags = new byte[entries.Count], block = new byte[checked(Math.Min(ImagesPerBlock, entries.Count) * size)];
            using var workers = new ThreadLocal<(ImageReader Reader, ImageDecoder Decoder)>(() => (source.OpenReader(), new ImageDecoder(plan)), trackAllValues: true);
            try
            {
                for (int first = 0; first < entries.Count; first += ImagesPerBlock)
                {
                    int offset = first, count = Math.Min(ImagesPerBlock, entries.Count - first);
                    Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
                        faults[offset + i] = Decode(workers.Value, source, entries[offset + i], block.AsSpan(i * size, size)));
                    for (int i = 0; i < count; i++)
                    {
                        if (faults[first + i] is not null) continue;
                        stream.Write(block, i * size, size);
                        checksums.Add(Crc32C.Of(block.AsSpan(i * size, size)));
                        (flags[first + i], kept) = (1, kept + 1);
                    }
                    progress?.Report(new(first + count, entries.Count));
                }
            }
            finally
            {
                foreach (var worker in workers.Values) worker.Reader.Dispose();
            }
            if (kept == 0) throw Refusal(source, [.. faults.OfType<string>()]);
            stream.Write(flags);
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(checksums)));
            stream.Write(Trailer(hash, entries.Count, kept));
        });
        return [.. faults.OfType<string>()];
    }

    private static byte[] Trailer(byte[] hash, int entries, int kept)
    {
        byte[] trailer = new byte[TrailerBytes];
        Mark.CopyTo(trailer);
        hash.CopyTo(trailer, Mark.Length);
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(Mark.Length + HashBytes), entries);
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(Mark.Length + HashBytes + sizeof(int)), kept);
        return trailer;
    }

    // A fault is a text and not an exception, so that all of them come in one message.
    private static string? Decode((ImageReader Reader, ImageDecoder Decoder) worker, ImageCollection source, ImageEntry entry, Span<byte> destination)
    {
        string name = source.NameOf(entry);
        try
        {
            worker.Decoder.Decode(worker.Reader.Read(entry, name), name, destination);
            return null;
        }
        catch (InvalidInputException fault)
        {
            return fault.Message;
        }
    }

    private static InvalidInputException Refusal(ImageCollection source, string[] faults)
    {
        string number = faults.Length == 1 ? "an image" : $"{faults.Length} images", more = faults.Length > NamesInMessage ? $"; and {faults.Length - NamesInMessage} more" : "";
        string named = string.Join("; ", faults.Take(NamesInMessage));
        return new(PrintableText.Of($"{source.Location}: {number} cannot be used: {named}{more}; replace them, or set data.skipBadImages")) { Remedy = Remedy.SkipBadImages };
    }
}
