using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>
/// A kind of data that runs train on and models encode. Adding one takes a subclass in a file of its own and a row where it is registered; see
/// <see cref="DataSources"/>.
/// </summary>
internal abstract class DataSource
{
    /// <summary>What a user writes as <see cref="DataOptions.Source"/>: a name such as "natural-images", or the form of a path such as "MATRIX.npy".</summary>
    public abstract string Name { get; }

    /// <summary>One line for lists of what there is.</summary>
    public abstract string Summary { get; }

    /// <summary>The ending of the files that this source opens, such as ".npy", in whichever case; null if it does not go by an ending.</summary>
    public virtual string? FileEnding => null;

    /// <summary>Whether <see cref="DataOptions.Source"/> is the path of a file or folder; else it is <see cref="Name"/>.</summary>
    public virtual bool IsPath => FileEnding is not null;

    /// <summary>Whether this source also opens what no other source claims, such as folders, whose paths have no ending to go by.</summary>
    public virtual bool ClaimsOthers => false;

    /// <summary>Whether <see cref="DataOptions.Root"/> names the folder of the source's files.</summary>
    public virtual bool HasRoot => false;

    /// <summary>Whether <see cref="DataOptions.ImageSize"/> can be chosen.</summary>
    public virtual bool HasImageSize => false;

    /// <summary>Whether samples are rows of a store, of which <see cref="DataOptions.Tensor"/> and <see cref="DataOptions.HoldOut"/> can be chosen.</summary>
    public virtual bool IsStore => false;

    /// <summary>Whether images are read from image files, which may be damaged one by one.</summary>
    public virtual bool HasImageFiles => false;

    /// <summary>Whether samples are patches of images, unless whole images are asked for.</summary>
    public virtual bool HasPatches => false;

    /// <summary>Whether a <see cref="DataOptions.Source"/> is of this kind. Looks at the text, and of a folder at the names of its files.</summary>
    /// <param name="source">The source.</param>
    public virtual bool Claims(string source) => FileEnding is { } ending ? source.EndsWith(ending, StringComparison.OrdinalIgnoreCase) : source == Name;

    /// <summary>The shape of a sample that is a whole image; null for patches and vectors.</summary>
    /// <param name="options">The options, which may be faulty.</param>
    public virtual ImageShape? ImageShape(DataOptions options) => null;

    /// <summary>Name of the preset that suits the source where the user names none; null for the general one.</summary>
    /// <param name="ofWholeImages">Whether the user asks for whole images of a size.</param>
    public virtual string? Preset(bool ofWholeImages) => null;

    /// <summary>How samples are normalised where the user does not say.</summary>
    public virtual Normalisation Normalisation => Normalisation.Column;

    /// <summary>Whether samples can be normalised so.</summary>
    /// <param name="normalisation">The normalisation.</param>
    public virtual bool CanNormalise(Normalisation normalisation) => normalisation != Normalisation.Global;

    /// <summary>Adds one line for every option that contradicts the source. Looks at the options alone, never at the disk.</summary>
    /// <param name="options">The options; their ranges are checked elsewhere.</param>
    /// <param name="errors">Receives the lines.</param>
    public virtual void Validate(DataOptions options, ICollection<string> errors)
    {
        bool areImages = ImageShape(options) is not null;
        string source = options.Source;
        if (options.ImageSize > 0 && !HasImageSize) errors.Add($"data.imageSize is {options.ImageSize}, but samples of '{source}' are not whole images; leave it out, or name a folder of images");
        if (options.Channels != 0 && !areImages) errors.Add($"data.channels is {options.Channels}, but samples of '{source}' are not whole images; leave it out, or set data.imageSize for a folder of images");
        if (options.Flip && !areImages) errors.Add($"data.flip is true, but samples of '{source}' are not whole images; leave it out, or set data.imageSize for a folder of images");
        if (options.SkipBadImages && !HasImageFiles) errors.Add($"data.skipBadImages is true, but samples of '{source}' are not read from image files; leave it out");
        if (options.Tensor != "" && !IsStore) errors.Add($"data.tensor is '{options.Tensor}', but '{source}' is not a store of rows with names; leave it out");
        if (options.HoldOut != HeldOut.Rows && !IsStore) errors.Add($"data.holdOut is '{ExperimentJson.Name(options.HoldOut)}', but '{source}' is not a store of files; leave it out");
        if (!CanNormalise(options.Normalisation)) errors.Add($"data.normalisation is '{ExperimentJson.Name(options.Normalisation)}', which is for vectors whose values share a unit, and samples of '{source}' are {(areImages ? "whole images" : "patches")}; use column or none");
        if (options.Root != "" && !HasRoot)
            errors.Add($"data.root is '{options.Root}', but '{source}' has no root; leave it out, or choose a data.source that has one: {string.Join(", ", DataSources.All.Where(other => other.HasRoot).Select(other => other.Name))}");
    }

    /// <summary>Returns why an option has no effect on the samples; null if it has one.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="path">The option, such as "data.patchSize".</param>
    public string? ReasonUnused(DataOptions options, string path) => path switch
    {
        "data.patchSize" when ImageShape(options) is not null || !HasPatches => $"samples of '{options.Source}' are not patches",
        "data.normalisation" when ImageShape(options) is not null => "whole images are used in [0, 1]",
        _ => null,
    };

    /// <summary>Counts the samples that there are, from headers and lists alone where damaged images are not left out.</summary>
    /// <param name="options">Valid options.</param>
    /// <exception cref="InvalidInputException">The source cannot be read.</exception>
    public abstract SampleCount Count(DataOptions options);

    /// <summary>Returns the number of values of a sample, D, from headers and options alone: by default that of a whole image, or else of a patch.</summary>
    /// <param name="options">Valid options.</param>
    /// <exception cref="InvalidInputException">The source cannot be read.</exception>
    public virtual int Dimension(DataOptions options) => ImageShape(options)?.Size ?? options.PatchSize * options.PatchSize;

    /// <summary>Does once what <see cref="Open"/> would otherwise do itself, without progress and without a way to stop it. By default nothing.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="InvalidInputException">Files are missing or damaged.</exception>
    public virtual void Prepare(DataOptions options, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) { }

    /// <summary>Draws the training and validation samples of a run. Equal options and seeds draw the same samples.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The source is missing, damaged, or has too few samples.</exception>
    public abstract DataSplit Open(DataOptions options, ulong seed);

    /// <summary>Opens all data of a source as samples for a trained model: it is treated exactly as the training data was, with the statistics saved in the model.</summary>
    /// <param name="source">A source that this one claims.</param>
    /// <param name="preprocessing">The model's preprocessing.</param>
    /// <param name="choice">What of the data is meant.</param>
    /// <returns>The samples, [N, D], which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The source cannot be read, or its samples are not of the model's kind or size.</exception>
    public virtual ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice) =>
        throw new InvalidInputException($"{source}: a data set cannot be encoded by its name; name its files, or a run's own samples");

    /// <summary>The shape of square images with the options' channels, by default red, green and blue.</summary>
    /// <param name="options">The options.</param>
    /// <param name="side">Rows and columns.</param>
    protected static ImageShape Square(DataOptions options, int side) => new(options.Channels == 0 ? 3 : options.Channels, side, side);
}
