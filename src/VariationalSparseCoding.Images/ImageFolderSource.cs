using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>Folders and files of images: their patches, or each image of a folder as one sample.</summary>
internal sealed class ImageFolderSource : PatchSource
{
    // Of every image its whitened pixels stay; while one is whitened, its colours, its luma and its spectrum are there too.
    private const long KeptBytesPerPixel = 4, WorkingBytesPerPixel = 20;

    /// <inheritdoc/>
    public override string Name => "FOLDER";

    /// <inheritdoc/>
    public override string Summary => "a folder of images, or one image, PNG, JPEG or WebP: patches, or whole images where data.imageSize is given";

    /// <inheritdoc/>
    public override bool IsPath => true;

    /// <inheritdoc/>
    public override bool ClaimsOthers => true;

    /// <inheritdoc/>
    public override bool HasImageSize => true;

    /// <inheritdoc/>
    public override bool HasImageFiles => true;

    /// <inheritdoc/>
    public override bool Claims(string source) => ImageFiles.IsImage(source);

    /// <inheritdoc/>
    public override ImageShape? ImageShape(DataOptions options) => options.ImageSize == 0 ? null : Square(options, options.ImageSize);

    /// <inheritdoc/>
    public override string? Preset(bool ofWholeImages) => ofWholeImages ? DataOptions.CelebA : null;

    /// <inheritdoc/>
    /// <remarks>Damaged images are told from others by decoding all, so that this takes its time where they are left out.</remarks>
    public override SampleCount Count(DataOptions options)
    {
        if (ImageShape(options) is { } shape) return new(options.SkipBadImages ? WholeImageFolder.CountUsable(options.Source, shape) : WholeImageFolder.Count(options.Source));
        return options.SkipBadImages ? Count(ImageFiles.Read(options.Source, []).Select(image => image.Size), options) : base.Count(options);
    }

    /// <inheritdoc/>
    public override void Prepare(DataOptions options, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        if (ImageShape(options) is { } shape) WholeImageFolder.Prepare(options.Source, shape, options.SkipBadImages, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed)
    {
        if (ImageShape(options) is { } shape) return WholeImageFolder.Draw(options, shape, seed);
        if (!options.SkipBadImages) return base.Open(options, seed);
        List<string> skipped = [];
        RequireRoom(options.Source, ImageFiles.ReadSizes(options.Source, []));
        var data = Draw(new(ImageFiles.Read(options.Source, skipped), AreWhitened: false), options, seed);
        return data with { Notes = [.. ImageFiles.SkippedNotes(options.Source, skipped), .. data.Notes] };
    }

    /// <inheritdoc/>
    public override ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice) =>
        preprocessing.ImageShape is { } shape ? OpenWholeImages(source, shape, preprocessing.AreAlignedFaces) : base.OpenForEncoding(source, preprocessing, choice);

    /// <inheritdoc/>
    protected override PatchImages Read(string source)
    {
        RequireRoom(source, ImageFiles.ReadSizes(source));
        return new(ImageFiles.Read(source), AreWhitened: false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<ImageSize> ReadSizes(string source) => ImageFiles.ReadSizes(source);

    // Said before hours of decoding, and before the system ends the process without a word.
    private static void RequireRoom(string source, IEnumerable<ImageSize> sizes)
    {
        long pixels = 0, largest = 0;
        foreach (var size in sizes)
        {
            long count = (long)size.Height * size.Width;
            (pixels, largest) = (pixels + count, Math.Max(largest, count));
        }
        long needed = KeptBytesPerPixel * pixels + WorkingBytesPerPixel * largest, available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
            throw InputFile.Malformed(source, $"to cut patches from its {pixels} pixels takes {needed >> 20} MiB of memory where {available >> 20} are available", "give fewer or smaller images");
    }

    private static ImageSet OpenWholeImages(string source, ImageShape shape, bool areFaces)
    {
        if (Directory.Exists(source) || ImageFiles.IsImage(source)) return WholeImageFolder.Open(source, new(shape, areFaces ? CelebA.Faces : null));
        if (!IdxFile.IsIdx(source)) throw NeedsWholeImages(source, shape);
        var images = IdxFile.Read(source);
        if (shape.Channels != 1 || images.Dimensions is not [var count, var height, var width] || (height, width) != (shape.Height, shape.Width))
            throw InputFile.Malformed(source, $"it is of {images.Shape}, where the model takes images of {shape.Channels} x {shape.Height} x {shape.Width}", "give images of that shape");
        return new ImageSet(new MemoryImageBytes(images.Values, shape.Size), shape, [.. Enumerable.Range(0, count)]);
    }
}
