using SkiaSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Files;

/// <summary>
/// Reads PNG, JPEG and WebP files as 8-bit luma (Rec. 601, from the stored sRGB values, rounded). Transparency is seen on black. Images are turned as
/// the camera noted; colour profiles and gamma are not applied.
/// </summary>
internal static class ImageFiles
{
    /// <summary>The kinds of files that are read, for messages.</summary>
    public const string Kinds = "PNG, JPEG or WebP (.png, .jpg, .jpeg, .webp)";

    // Deflate expands at most to 1032 bytes of one-bit pixels a byte; of a JPEG each block of 64 pixels takes a bit. WebP knows no bound but that of its size.
    private const long MostPixelsPerByteOfPng = 1032 * 8, MostPixelsPerByteOfJpeg = 64 * 8;

    private const long MostBytes = 1L << 29;

    private const int DeepestSubfolder = 3, MostFilesLookedAt = 10_000, MostNamed = 5;
    private const long MostPixels = 1L << 26;
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>Whether a file's name says that it is an image of the kinds that are read.</summary>
    /// <param name="path">The file's name.</param>
    public static bool IsImage(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads one image, or the images of a folder, not of its subfolders, in ordinal order of their names; other and hidden files are passed over.</summary>
    /// <param name="source">The file or folder.</param>
    /// <param name="skipped">Receives the names of the images that cannot be used, which are left out; null: they are an error.</param>
    /// <returns>The images, decoded one after another when they are enumerated.</returns>
    /// <exception cref="InvalidInputException">The file or folder is missing, of another kind, or holds no image that can be used; or an image is damaged, or has more than 67 million pixels.</exception>
    public static IEnumerable<GrayImage> Read(string source, ICollection<string>? skipped = null)
    {
        byte[] colours = [];
        return ReadEach(source, (stream, path) => Decode(stream, path, ref colours), skipped);
    }

    /// <summary>Reads the sizes of the images that <see cref="Read"/> reads, from their headers.</summary>
    /// <param name="source">The file or folder.</param>
    /// <param name="skipped">Receives the names of the images whose headers cannot be used, which are left out; null: they are an error.</param>
    /// <exception cref="InvalidInputException">The file or folder is missing, of another kind, or holds no image that can be used; or a header is damaged.</exception>
    public static IEnumerable<ImageSize> ReadSizes(string source, ICollection<string>? skipped = null) => ReadEach(source, ReadSize, skipped);

    /// <summary>What a person should know of images that were left out.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="skipped">Their names.</param>
    /// <returns>One line; none if there are none.</returns>
    public static IReadOnlyList<string> SkippedNotes(string source, IReadOnlyCollection<string> skipped)
    {
        if (skipped.Count == 0) return [];
        string rest = skipped.Count > MostNamed ? $" and {skipped.Count - MostNamed} more" : "";
        return [$"{source}: images that cannot be used were left out: {skipped.Count} ({string.Join(", ", skipped.Take(MostNamed).Select(Path.GetFileName))}{rest})"];
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="stream">The file's content.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="InvalidInputException">The file is damaged, of another kind, or too large.</exception>
    public static GrayImage Decode(Stream stream, string name)
    {
        byte[] colours = [];
        return Decode(stream, name, ref colours);
    }

    /// <summary>Reads an image's size from its header.</summary>
    /// <param name="stream">The file's content.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="InvalidInputException">The file is damaged, of another kind, or too large.</exception>
    public static ImageSize ReadSize(Stream stream, string name)
    {
        using var content = Content(stream, name);
        using var codec = SKCodec.Create(content);
        var (height, width) = SizeOf(codec, SKCodecResult.InvalidInput, name, content.Size);
        return new(name, height, width);
    }

    /// <summary>Decodes an image, turned as the camera noted, transparency seen on black.</summary>
    /// <param name="codec">The decoder of a file; null where there is none.</param>
    /// <param name="created">How its creation ended.</param>
    /// <param name="name">How messages name the file.</param>
    /// <param name="bytes">The file's length.</param>
    /// <param name="colours">Red, green, blue and opacity of each pixel, [height, width, 4]; replaced where it is too small.</param>
    /// <returns>Rows and columns.</returns>
    /// <exception cref="InvalidInputException">The file is damaged, of another kind, or too large.</exception>
    public static (int Height, int Width) DecodeColours(SKCodec? codec, SKCodecResult created, string name, long bytes, ref byte[] colours)
    {
        var (height, width) = SizeOf(codec, created, name, bytes);
        // Without a colour space in the wanted form nothing is converted; premultiplied colours are those seen on black.
        var stored = codec!.Info;
        var form = new SKImageInfo(stored.Width, stored.Height, SKColorType.Rgba8888, SKAlphaType.Premul, colorspace: null);
        if (colours.Length < form.BytesSize) colours = new byte[form.BytesSize];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* start = colours) result = codec.GetPixels(form, (nint)start);
        }
        // The size is that of the turned image, the codec's that of the stored one.
        if (result == SKCodecResult.Success) Orientation.Turn(colours, stored.Height, stored.Width, codec.EncodedOrigin);
        return result == SKCodecResult.Success ? (height, width) : throw InputFile.Malformed(name, $"the image is damaged or cut short ({result})", "copy or save it again");
    }

    /// <summary>The luma of a pixel. Weights 0.299, 0.587 and 0.114 in 16 bits: they sum to 1 exactly, so that grey stays as it is.</summary>
    /// <param name="colour">Red, green and blue.</param>
    public static byte Luma(ReadOnlySpan<byte> colour) => (byte)((19595 * colour[0] + 38470 * colour[1] + 7471 * colour[2] + 0x8000) >> 16);

    private static (int Height, int Width) SizeOf(SKCodec? codec, SKCodecResult created, string name, long bytes)
    {
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Webp))
            throw InputFile.Malformed(name, codec is null ? $"this is not an image that can be read ({created})" : $"this is an image of the kind {codec.EncodedFormat}, whatever its name says", $"use {Kinds}");
        var (height, width) = Orientation.Swaps(codec.EncodedOrigin) ? (codec.Info.Width, codec.Info.Height) : (codec.Info.Height, codec.Info.Width);
        long most = codec.EncodedFormat switch { SKEncodedImageFormat.Png => MostPixelsPerByteOfPng * bytes, SKEncodedImageFormat.Jpeg => MostPixelsPerByteOfJpeg * bytes, _ => long.MaxValue };
        // Before any memory is taken for them.
        if ((long)height * width > most) throw InputFile.Malformed(name, $"it declares {height} x {width} pixels, more than its {bytes} bytes can hold", "copy or save it again");
        return (long)height * width <= MostPixels ? (height, width)
            : throw InputFile.Malformed(name, $"the image has {height} x {width} pixels", $"reduce it to at most {MostPixels} pixels");
    }

    // Read whole: an exception of a stream under the decoder's own reads, such as one for a part of 2 GB that a header declares, would end the process.
    private static SKData Content(Stream stream, string name) => stream.Length switch
    {
        0 => throw InputFile.Malformed(name, "the file is empty", "copy or save it again"),
        > MostBytes => throw InputFile.Malformed(name, $"the file has {stream.Length} bytes, more than any image that is read", "reduce it, or remove it"),
        _ => SKData.Create(stream, stream.Length),
    };

    private static GrayImage Decode(Stream stream, string name, ref byte[] colours)
    {
        using var content = Content(stream, name);
        using var codec = SKCodec.Create(content);
        var (height, width) = DecodeColours(codec, SKCodecResult.InvalidInput, name, content.Size, ref colours);
        var luma = new float[height * width];
        for (int i = 0; i < luma.Length; i++) luma[i] = Luma(colours.AsSpan(i * 4, 3));
        return new GrayImage(name, height, width, luma);
    }

    /// <summary>The exception for a folder without images, which says whether there are some in its subfolders.</summary>
    /// <param name="folder">The folder.</param>
    public static InvalidInputException NoImages(string folder)
    {
        var below = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = DeepestSubfolder };
        string? inside = Directory.EnumerateFiles(folder, "*", below).Take(MostFilesLookedAt).FirstOrDefault(IsImage);
        return inside is null ? InputFile.Malformed(folder, "the folder holds no image", $"put in files of the kinds that are read: {Kinds}")
            : InputFile.Malformed(folder, $"the folder holds no image itself, but {Path.GetRelativePath(folder, Path.GetDirectoryName(inside)!)} does", $"name that folder ({Path.GetDirectoryName(inside)}), or put the images side by side; subfolders are not read");
    }

    private static IEnumerable<T> ReadEach<T>(string source, Func<Stream, string, T> read, ICollection<string>? skipped)
    {
        int found = 0;
        foreach (string path in PathsOf(source))
        {
            T image;
            try
            {
                image = InputFile.Read(path, stream => read(stream, path));
            }
            catch (InvalidInputException) when (skipped is not null)
            {
                skipped.Add(path);
                continue;
            }
            found++;
            yield return image;
        }
        if (found == 0) throw InputFile.Malformed(source, "none of its images can be used", "replace them");
    }

    private static string[] PathsOf(string source)
    {
        if (Directory.Exists(source))
        {
            string[] paths = [.. Directory.EnumerateFiles(source, "*", new EnumerationOptions()).Where(IsImage).Order(StringComparer.Ordinal)];
            return paths.Length > 0 ? paths : throw NoImages(source);
        }
        if (IsImage(source)) return [source];
        throw File.Exists(source)
            ? InputFile.Malformed(source, "the file's ending names no kind of data that is read", "use .png, .jpg, .jpeg, .webp, .mat or .npy")
            : InputFile.Malformed(source, "there is no such file or folder", $"check the path, or use {DataOptions.NaturalImages}");
    }
}
