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
    /// <exception cref="InvalidInputException">A file cannot be created there.</exception>
    public static void Export(string folder)
    {
        foreach (string name in Names)
        {
            using var stream = Resources.GetManifestResourceStream(name)!;
            AtomicFile.Write(Path.Combine(folder, name[Folder.Length..]), stream.CopyTo);
        }
    }

    /// <summary>The images, decoded one after another.</summary>
    internal static IEnumerable<GrayImage> Read() => Images(ImageFiles.Decode);

    /// <summary>Their sizes, read from their headers.</summary>
    internal static IEnumerable<ImageSize> ReadSizes() => Images(ImageFiles.ReadSize);

    private static IEnumerable<string> Names =>
        Resources.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<T> Images<T>(Func<Stream, string, T> read) => Names.Where(ImageFiles.IsImage).Select(name =>
    {
        using var stream = Resources.GetManifestResourceStream(name)!;
        return read(stream, name);
    });
}
