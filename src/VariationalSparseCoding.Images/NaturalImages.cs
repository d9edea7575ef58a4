using System.Reflection;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>The ten photographs of nature that are part of this package, 512 x 512 pixels each; see ATTRIBUTION.md among the embedded resources.</summary>
internal static class NaturalImages
{
    private const string Folder = "natural-images/";
    private static readonly Assembly Resources = typeof(NaturalImages).Assembly;

    /// <summary>Writes the images and their attribution to a folder, as the files they are.</summary>
    /// <param name="folder">The folder; created where it is missing.</param>
    /// <exception cref="InvalidInputException">A file cannot be created there, or another file of its name would be replaced; then none is written.</exception>
    public static void Export(string folder)
    {
        (string Path, byte[] Content)[] files = [.. Names.Select(name => (Path.Combine(folder, name[Folder.Length..]), Read(name)))];
        foreach (var (path, content) in files) OutputFile.RequireNotAnother(path, content);
        foreach (var (path, content) in files) AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>The images, decoded one after another.</summary>
    internal static IEnumerable<GrayImage> Read() => Images(ImageFiles.Decode);

    /// <summary>Their sizes, read from their headers.</summary>
    internal static IEnumerable<ImageSize> ReadSizes() => Images(ImageFiles.ReadSize);

    private static IEnumerable<string> Names =>
        Resources.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static byte[] Read(string name)
    {
        using var stream = Resources.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static IEnumerable<T> Images<T>(Func<Stream, string, T> read) => Names.Where(ImageFiles.IsImage).Select(name =>
    {
        using var stream = Resources.GetManifestResourceStream(name)!;
        return read(stream, name);
    });
}
