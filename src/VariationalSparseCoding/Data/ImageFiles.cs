using SkiaSharp;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Reads PNG, JPEG and WebP files as 8-bit luma (Rec. 601, from the stored sRGB values, rounded). Transparency is seen on black. Colour profiles, gamma
/// and the orientation noted by cameras are not applied: pixels are read as they are stored.
/// </summary>
public static class ImageFiles
{
    internal const string Kinds = "PNG, JPEG or WebP (.png, .jpg, .jpeg, .webp)";
    private const string EmbeddedFolder = "natural-images/";
    private const long MostPixels = 100_000_000;
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>Whether a file's name says that it is an image of the kinds that are read.</summary>
    /// <param name="path">The file's name.</param>
    public static bool IsImage(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The ten natural images that are part of this library (512 x 512 each); see ATTRIBUTION.md among the embedded resources.</summary>
    public static IReadOnlyList<GrayImage> ReadEmbedded()
    {
        var assembly = typeof(ImageFiles).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(EmbeddedFolder, StringComparison.Ordinal) && IsImage(name)).Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return Decode(stream, name);
            })];
    }

    /// <summary>Writes the embedded images and their attribution to a folder, as the files they are.</summary>
    /// <param name="folder">The folder; created where it is missing.</param>
    public static void ExportEmbedded(string folder)
    {
        var assembly = typeof(ImageFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(EmbeddedFolder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            AtomicFile.Write(Path.Combine(folder, name[EmbeddedFolder.Length..]), stream.CopyTo);
        }
    }

    /// <summary>Reads the images of a folder, not of its subfolders, in ordinal order of their names; other and hidden files are passed over.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image, or an image is damaged or too large.</exception>
    public static IReadOnlyList<GrayImage> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new InvalidInputException($"{folder}: there is no such folder; check the path");
        string[] paths = [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions()).Where(IsImage).Order(StringComparer.Ordinal)];
        if (paths.Length == 0) throw InputFile.Malformed(folder, "the folder holds no image", $"put in files of the kinds that are read: {Kinds}");
        return [.. paths.Select(ReadFile)];
    }

    /// <summary>Reads one image.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, of another kind, or has more than 100 million pixels.</exception>
    public static GrayImage ReadFile(string path) => InputFile.Read(path, stream => Decode(stream, path));

    /// <summary>Decodes an image as it is stored, transparency seen on black.</summary>
    /// <param name="codec">The decoder of a file; null where there is none.</param>
    /// <param name="created">How its creation ended.</param>
    /// <param name="name">How messages name the file.</param>
    /// <param name="colours">Red, green, blue and opacity of each pixel, [height, width, 4]; replaced where it is too small.</param>
    /// <returns>Rows and columns.</returns>
    /// <exception cref="InvalidInputException">The file is damaged, of another kind, or too large.</exception>
    internal static (int Height, int Width) DecodeColours(SKCodec? codec, SKCodecResult created, string name, ref byte[] colours)
    {
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Webp))
            throw InputFile.Malformed(name, $"this is no image that can be read ({created})", $"use {Kinds}");
        var (height, width) = (codec.Info.Height, codec.Info.Width);
        if ((long)height * width > MostPixels)
            throw InputFile.Malformed(name, $"the image has {height} x {width} pixels", $"reduce it to at most {MostPixels} pixels");

        // Without a colour space in the wanted form nothing is converted; premultiplied colours are those seen on black.
        var form = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, colorspace: null);
        if (colours.Length < form.BytesSize) colours = new byte[form.BytesSize];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* start = colours) result = codec.GetPixels(form, (nint)start);
        }
        return result == SKCodecResult.Success ? (height, width) : throw InputFile.Malformed(name, $"the image is damaged or cut short ({result})", "copy or save it again");
    }

    /// <summary>The luma of a pixel. Weights 0.299, 0.587 and 0.114 in 16 bits: they sum to 1 exactly, so that grey stays as it is.</summary>
    /// <param name="colour">Red, green and blue.</param>
    internal static byte Luma(ReadOnlySpan<byte> colour) => (byte)((19595 * colour[0] + 38470 * colour[1] + 7471 * colour[2] + 0x8000) >> 16);

    private static GrayImage Decode(Stream stream, string name)
    {
        using var codec = SKCodec.Create(stream, out var created);
        byte[] colours = [];
        var (height, width) = DecodeColours(codec, created, name, ref colours);
        var luma = new float[height * width];
        for (int i = 0; i < luma.Length; i++) luma[i] = Luma(colours.AsSpan(i * 4, 3));
        return new GrayImage(name, height, width, luma);
    }
}
