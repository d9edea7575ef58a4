using System.IO.Compression;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>An image file, and what tells whether it was changed.</summary>
/// <param name="Name">Its name within its folder or archive.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Stamp">When it was written, and in an archive its checksum.</param>
internal readonly record struct ImageEntry(string Name, long Length, long Stamp);

/// <summary>The image files of a folder or of a zip archive.</summary>
internal abstract class ImageSource
{
    /// <summary>The folder or archive.</summary>
    public abstract string Location { get; }

    /// <summary>The images, in ordinal order of their names.</summary>
    public abstract IReadOnlyList<ImageEntry> Entries { get; }

    /// <summary>How messages name an image.</summary>
    public abstract string NameOf(ImageEntry entry);

    /// <summary>Opens the source for one thread, which disposes it.</summary>
    public abstract ImageReader OpenReader();

    /// <summary>The images of a folder, not of its subfolders; other and hidden files are passed over.</summary>
    public static ImageSource OfFolder(string folder) => new FolderSource(folder);

    /// <summary>The images of a zip archive, in whatever folders they lie there.</summary>
    public static ImageSource OfArchive(string path) => new ArchiveSource(path);

    private sealed class FolderSource(string folder) : ImageSource
    {
        public override string Location => folder;

        public override IReadOnlyList<ImageEntry> Entries { get; } = [.. new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions())
            .Where(file => ImageFiles.IsImage(file.Name)).Select(file => new ImageEntry(file.Name, file.Length, file.LastWriteTimeUtc.Ticks)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

        public override string NameOf(ImageEntry entry) => Path.Combine(folder, entry.Name);

        public override ImageReader OpenReader() => new FolderReader(folder);
    }

    private sealed class ArchiveSource(string path) : ImageSource
    {
        public override string Location => path;

        public override IReadOnlyList<ImageEntry> Entries { get; } = InputFile.Read(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var entries = archive.Entries.Where(entry => ImageFiles.IsImage(entry.Name)).Select(entry => new ImageEntry(entry.Name, entry.Length, entry.LastWriteTime.Ticks ^ entry.Crc32));
            return (ImageEntry[])[.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).DistinctBy(entry => entry.Name)];
        });

        public override string NameOf(ImageEntry entry) => $"{path} ({entry.Name})";

        public override ImageReader OpenReader() => new ArchiveReader(path);
    }

    private sealed class FolderReader(string folder) : ImageReader
    {
        protected override byte[] ReadBytes(ImageEntry entry) => File.ReadAllBytes(Path.Combine(folder, entry.Name));
    }

    private sealed class ArchiveReader(string path) : ImageReader
    {
        private readonly ZipArchive archive = ZipFile.OpenRead(path);
        private Dictionary<string, ZipArchiveEntry>? entries;

        protected override byte[] ReadBytes(ImageEntry entry)
        {
            entries ??= archive.Entries.Where(found => ImageFiles.IsImage(found.Name)).DistinctBy(found => found.Name).ToDictionary(found => found.Name);
            byte[] content = new byte[entries[entry.Name].Length];
            using var stream = entries[entry.Name].Open();
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

/// <summary>Reads the files of an <see cref="ImageSource"/>. For one thread at a time.</summary>
internal abstract class ImageReader : IDisposable
{
    /// <summary>The content of a file.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public byte[] Read(ImageEntry entry, string name)
    {
        try
        {
            return ReadBytes(entry);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or KeyNotFoundException)
        {
            throw InputFile.Malformed(name, $"the image cannot be read ({failure.Message})", "copy it again", failure);
        }
    }

    protected abstract byte[] ReadBytes(ImageEntry entry);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
