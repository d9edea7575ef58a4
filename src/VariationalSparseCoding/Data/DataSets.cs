using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Opens the data of a run, whatever its kind.</summary>
public static class DataSets
{
    private const string MatrixEnding = ".npy", MatlabEnding = ".mat";

    /// <summary>Draws the training and validation samples of a run. Equal options and seeds draw the same samples.</summary>
    /// <param name="options">Valid options; the kind of data follows from <see cref="DataOptions.Source"/>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or the source is missing, of no known kind, damaged, or too small.</exception>
    public static DataSplit Open(DataOptions options, ulong seed)
    {
        Require(options);
        if (options.Source == DataOptions.Memory)
            throw new InvalidInputException($"data.source is {DataOptions.Memory}: the samples were in a program's memory and are gone; name a file or folder");
        if (options.Source == DataOptions.FashionMnist) return FashionMnist.Read(options);
        if (options.Source == DataOptions.CelebA) return CelebA.Read(options);
        if (options.ImageShape is not null) return ImageFolders.Draw(options, seed);
        if (IsMatrix(options.Source)) return MatrixSet.Draw(options, seed);
        var (images, areWhitened) = ReadImages(options.Source);
        if (areWhitened) return PatchSet.Draw(images, null, options, seed);
        var (whitened, scale) = Whitening.Apply(images);
        return PatchSet.Draw(whitened, scale, options, seed);
    }

    /// <summary>
    /// Crops and resizes the image files of celeba or of a folder of whole images into a file of the cache folder, where that was not done before. <see cref="Open"/> does so
    /// itself, but tells no progress and cannot be stopped.
    /// </summary>
    /// <param name="options">Any options; with other sources nothing is done.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or files are missing or damaged.</exception>
    public static void Prepare(DataOptions options, IProgress<ImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        Require(options);
        if (options.Source == DataOptions.CelebA) CelebA.Prepare(options, progress, cancellation);
        else if (options.Source != DataOptions.FashionMnist && options.ImageShape is { } shape) ImageFolders.Prepare(options.Source, shape, options.SkipBadImages, progress, cancellation);
    }

    /// <summary>How many samples a source has: patches at stride 1, rows, or whole images.</summary>
    /// <param name="options">The source and the sizes of patches or images.</param>
    /// <exception cref="InvalidInputException">The source cannot be read.</exception>
    public static long Available(DataOptions options)
    {
        if (AvailableParts(options) is var (train, test)) return (long)train + test;
        if (options.ImageShape is not null) return ImageFolders.Available(options.Source);
        if (!IsMatrix(options.Source)) return new PatchGrid(ReadImages(options.Source).Images, options.PatchSize, stride: 1).Count;
        using var matrix = NpyMatrix.Open(options.Source);
        return matrix.Rows;
    }

    /// <summary>Options with no more samples than the source has: see <see cref="DataOptions.FitTo"/>; of sources that come split, no more than each part has.</summary>
    /// <param name="options">The source and the wanted samples.</param>
    /// <param name="validationIsGiven">Whether the number of validation samples must stay.</param>
    /// <exception cref="InvalidInputException">The source cannot be read.</exception>
    public static DataOptions Fit(DataOptions options, bool validationIsGiven)
    {
        if (AvailableParts(options) is not var (train, test)) return options.FitTo(Available(options), validationIsGiven);
        return options with
        {
            TrainSamples = Math.Clamp(train, 1, options.TrainSamples),
            ValidationSamples = validationIsGiven ? options.ValidationSamples : Math.Clamp(test, 1, options.ValidationSamples),
        };
    }

    internal static void Require(DataOptions options)
    {
        var errors = new List<string>();
        options.Validate(errors);
        if (errors.Count > 0) throw new InvalidInputException(string.Join("; ", errors));
    }

    private static (int Train, int Test)? AvailableParts(DataOptions options) => options.Source switch
    {
        DataOptions.FashionMnist => FashionMnist.Available(options.Root),
        DataOptions.CelebA => CelebA.Available(options.Root),
        _ => null,
    };

    internal static bool IsMatrix(string source) => HasEnding(source, MatrixEnding) && !Directory.Exists(source);

    internal static bool IsMatlab(string source) => HasEnding(source, MatlabEnding) && !Directory.Exists(source);

    /// <summary>Reads the images of a source, and tells whether they came whitened.</summary>
    internal static (IReadOnlyList<GrayImage> Images, bool AreWhitened) ReadImages(string source)
    {
        if (source == DataOptions.NaturalImages) return (ImageFiles.ReadEmbedded(), false);
        if (Directory.Exists(source)) return (ImageFiles.ReadFolder(source), false);
        if (HasEnding(source, MatlabEnding)) return OlshausenImages.Read(source);
        if (ImageFiles.IsImage(source)) return ([ImageFiles.ReadFile(source)], false);
        throw File.Exists(source)
            ? InputFile.Malformed(source, "the file's ending names no kind of data that is read", "use .png, .jpg, .jpeg, .webp, .mat or .npy")
            : InputFile.Malformed(source, "there is no such file or folder", $"check the path, or use {DataOptions.NaturalImages}");
    }

    private static bool HasEnding(string source, string ending) => source.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
