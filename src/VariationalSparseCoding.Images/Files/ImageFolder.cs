using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Files;

/// <summary>The images of a folder, not of its subfolders; other and hidden files are passed over.</summary>
/// <param name="folder">The folder.</param>
internal sealed class ImageFolder(string folder) : ImageCollection
{
    private const long MostBytes = 1L << 29;

    /// <inheritdoc/>
    public override string Location => folder;

    /// <inheritdoc/>
    public override IReadOnlyList<ImageEntry> Entries { get; } = [.. new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions())
        .Where(file => ImageFiles.IsImage(file.Name)).Select(Entry).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override string NameOf(ImageEntry entry) => Path.Combine(folder, entry.Name);

    /// <inheritdoc/>
    public override ImageReader OpenReader() => new Reader(folder);

    /// <summary>Reads an image file whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is missing, cannot be read, or is larger than any image that is read.</exception>
    public static byte[] ReadFile(string path) => InputFile.Read(path, stream =>
    {
        if (stream.Length > MostBytes) throw InputFile.Malformed(path, $"the file has {stream.Length} bytes, more than any image that is read", "reduce it, or remove it");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });

    // Of a link, it is the target that can change.
    private static ImageEntry Entry(FileInfo file) =>
        RegularFile.TargetOf(file) is { Exists: true } target ? new(file.Name, target.Length, target.LastWriteTimeUtc.Ticks) : new(file.Name, -1, 0);

    private sealed class Reader(string folder) : ImageReader
    {
        protected override byte[] ReadBytes(ImageEntry entry) => ReadFile(Path.Combine(folder, entry.Name));
    }
}
