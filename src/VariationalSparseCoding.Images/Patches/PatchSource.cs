using System.Numerics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Patches;

/// <summary>The images of a source.</summary>
/// <param name="Images">The images, decoded one after another when they are enumerated, once.</param>
/// <param name="AreWhitened">Whether they are whitened already.</param>
internal readonly record struct PatchImages(IEnumerable<GrayImage> Images, bool AreWhitened);

/// <summary>A source of images, whose patches are samples.</summary>
internal abstract class PatchSource : DataSource
{
    /// <summary>Reads the images.</summary>
    /// <param name="source">A source that this one claims.</param>
    /// <exception cref="InvalidInputException">They cannot be read, now or when they are enumerated.</exception>
    protected abstract PatchImages Read(string source);

    /// <summary>Reads the sizes of the images, without decoding them.</summary>
    /// <param name="source">A source that this one claims.</param>
    /// <exception cref="InvalidInputException">They cannot be read, now or when they are enumerated.</exception>
    protected abstract IEnumerable<ImageSize> ReadSizes(string source);

    /// <inheritdoc/>
    public override bool HasPatches => true;

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options) => Count(ReadSizes(options.Source), options);

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed) => Draw(Read(options.Source), options, seed);

    /// <summary>Counts the patches of images.</summary>
    /// <param name="sizes">The images' sizes.</param>
    /// <param name="options">Valid options.</param>
    protected static SampleCount Count(IEnumerable<ImageSize> sizes, DataOptions options) => new(PatchGrid.CountPatches(sizes, options.PatchSize, stride: 1)) { Overlap = true };

    /// <summary>Draws the patches of a run.</summary>
    /// <param name="source">The images.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">An image cannot be used, or there are too few patches.</exception>
    protected static DataSplit Draw(PatchImages source, DataOptions options, ulong seed)
    {
        var (images, areWhitened) = source;
        if (areWhitened) return PatchSet.Draw([.. images], null, options, seed);
        var (whitened, scale) = Whitening.Apply(images);
        return PatchSet.Draw(whitened, scale, options, seed);
    }

    /// <inheritdoc/>
    /// <remarks>Images are whitened with the saved scale and cut into patches on a grid, in the order image, row, column.</remarks>
    public override ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice)
    {
        if (preprocessing.ImageShape is { } shape) throw NeedsWholeImages(source, shape);
        if (preprocessing.PatchSize is not { } patchSize)
            throw new InvalidInputException($"{source}: the model takes vectors of {preprocessing.Dimension} values, not images; give a .npy matrix of {preprocessing.Dimension} columns");
        var (images, areWhitened) = Read(source);
        if (!areWhitened)
        {
            if (preprocessing.WhiteningScale is not { } scale)
                throw new InvalidInputException($"{source}: the model was trained on images that came whitened, and its file does not tell how; give a .mat file of whitened images (IMAGES) or a .npy matrix of whitened patches");
            Complex[] spectrum = [];
            images = images.Select(image => Whitening.Apply(image, scale, ref spectrum));
        }
        var grid = new PatchGrid([.. images], patchSize, choice.Stride ?? patchSize);
        if (grid.Count > Array.MaxLength) throw new InvalidInputException($"{source}: {grid.Count} patches are too many; give fewer images or a larger stride");
        long[] patches = new long[grid.Count];
        for (int i = 0; i < patches.Length; i++) patches[i] = i;
        return new PatchSet(grid, patches, preprocessing);
    }

    /// <summary>The refusal of data that holds no whole images.</summary>
    /// <param name="source">The data.</param>
    /// <param name="shape">The shape of the model's images.</param>
    protected static InvalidInputException NeedsWholeImages(string source, ImageShape shape) => InputFile.Malformed(source,
        $"the model takes whole images of {shape.Height} x {shape.Width} pixels", $"give a folder, an image (.png, .jpg, .jpeg, .webp), an IDX file, or a .npy matrix of {shape.Size} columns");
}
