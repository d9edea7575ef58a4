using System.IO.Compression;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Files;

/// <summary>The images of a zip archive, in whatever folders they lie there.</summary>
/// <param name="path">The archive.</param>
internal sealed class ImageArchive(string path) : ImageCollection
{
    // An image of 218 x 178 pixels has about 10 kB. What an archive declares is not to be trusted with more memory than a few of those take.
    private const long MostBytes = 1L << 23;

    // Deflate makes at most 1,032 bytes of one.
    private const long MostExpansion = 1032;

    /// <inheritdoc/>
    public override string Location => path;

    /// <inheritdoc/>
    public override IReadOnlyList<ImageEntry> Entries { get; } = InputFile.Read(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var entries = archive.Entries.Where(entry => ImageFiles.IsImage(entry.Name)).Select(entry => new ImageEntry(entry.Name, entry.Length, entry.LastWriteTime.Ticks ^ entry.Crc32));
        return (ImageEntry[])[.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).DistinctBy(entry => entry.Name)];
    });

    /// <inheritdoc/>
    public override string NameOf(ImageEntry entry) => $"{path} ({entry.Name})";

    /// <inheritdoc/>
    public override ImageReader OpenReader() => new Reader(path);

    private sealed class Reader(string path) : ImageReader
    {
        private readonly ZipArchive archive = ZipFile.OpenRead(path);
        private Dictionary<string, ZipArchiveEntry>? entries;

        protected override byte[] ReadBytes(ImageEntry entry)
        {
            entries ??= archive.Entries.Where(found => ImageFiles.IsImage(found.Name)).DistinctBy(found => found.Name).ToDictionary(found => found.Name);
            var found = entries[entry.Name];
            if (found.Length > MostBytes) throw new InvalidDataException($"it declares {found.Length} bytes, and images in archives may have {MostBytes}");
            // Opening it finds whether so many compressed bytes are there.
            using var stream = found.Open();
            if (found.Length > MostExpansion * found.CompressedLength) throw new InvalidDataException($"it declares {found.Length} bytes, and its {found.CompressedLength} compressed ones cannot hold them");
            byte[] content = new byte[found.Length];
            stream.ReadExactly(content);
            return content;
        }

        public override void Dispose()
        {
            archive.Dispose();
            base.Dispose();
        }
    }
}
