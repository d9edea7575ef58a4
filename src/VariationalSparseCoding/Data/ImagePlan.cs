using SkiaSharp;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>How an image file becomes a sample: a square of it is cropped and resized.</summary>
/// <param name="Shape">The shape of the sample, a square.</param>
/// <param name="Aligned">The square that is taken of aligned images; null takes the largest square in the middle of each.</param>
/// <param name="OnlyAligned">Whether images of another size than the aligned ones' are an error; else the largest square in their middle is taken.</param>
internal sealed record ImagePlan(ImageShape Shape, AlignedCrop? Aligned = null, bool OnlyAligned = false);

/// <summary>The square that is taken of images of one size.</summary>
/// <param name="Height">Rows of the images.</param>
/// <param name="Width">Columns of the images.</param>
/// <param name="Crop">The square.</param>
internal sealed record AlignedCrop(int Height, int Width, ImageCrop Crop);

/// <summary>Decodes, crops and resizes image files. For one thread at a time.</summary>
/// <param name="plan">What is made of a file.</param>
internal sealed class ImageDecoder(ImagePlan plan)
{
    private const int Bytes = 4;
    private readonly ImageResizer resizer = new(plan.Shape.Height);
    private byte[] colours = [];

    /// <summary>Makes a sample of a file.</summary>
    /// <param name="file">The file's content: PNG, JPEG or WebP.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="destination">Receives the sample, [C, S, S].</param>
    /// <exception cref="InvalidInputException">The file is damaged, of another kind, or of another size than it must have.</exception>
    public void Decode(ReadOnlySpan<byte> file, string name, Span<byte> destination)
    {
        // A decoder of no bytes is not even refused.
        if (file.IsEmpty) throw InputFile.Malformed(name, "the file is empty", "copy or save it again");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        var (height, width) = ImageFiles.DecodeColours(codec, SKCodecResult.InvalidInput, name, ref colours);
        var aligned = plan.Aligned;
        bool isAligned = aligned is not null && (height, width) == (aligned.Height, aligned.Width);
        if (aligned is not null && plan.OnlyAligned && !isAligned)
            throw InputFile.Malformed(name, $"the image has {height} x {width} pixels", $"use the aligned images of {aligned.Height} x {aligned.Width}");
        // Grey is made before anything is rounded.
        if (plan.Shape.Channels == 1)
            for (int i = 0; i < height * width; i++) colours[i * Bytes] = ImageFiles.Luma(colours.AsSpan(i * Bytes, 3));
        resizer.Resize(colours, width, isAligned ? aligned!.Crop : ImageCrop.Largest(height, width), destination);
    }
}
