using SkiaSharp;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.WholeImages;

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
        // The decoder takes no empty buffer, not even to refuse it.
        if (file.IsEmpty) throw InputFile.Malformed(name, "the file is empty", "copy or save it again");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        var (height, width) = ImageFiles.DecodeColours(codec, SKCodecResult.InvalidInput, name, file.Length, ref colours);
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
