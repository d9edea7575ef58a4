namespace VariationalSparseCoding.Experiments;

/// <summary>Which data a run uses.</summary>
public sealed record DataOptions
{
    /// <summary>The <see cref="Source"/> that stands for the natural images embedded in the package VariationalSparseCoding.Images.</summary>
    public const string NaturalImages = "natural-images";

    /// <summary>The <see cref="Source"/> that stands for the articles of clothing of Fashion-MNIST (package VariationalSparseCoding.Images).</summary>
    public const string FashionMnist = "fashion-mnist";

    /// <summary>The <see cref="Source"/> that stands for the aligned faces of CelebA in their official layout below <see cref="Root"/> (package VariationalSparseCoding.Images).</summary>
    public const string CelebA = "celeba";

    /// <summary>The <see cref="Source"/> of a model that a program trained on samples of its own: they cannot be opened again.</summary>
    public const string Memory = "memory";

    /// <summary>The <see cref="Source"/> of a model that was imported: what it was trained on is not known.</summary>
    internal const string Imported = "imported";

    private const int LargestPatchSize = 1024, LargestImageSize = 1024;

    /// <summary>"natural-images", "fashion-mnist", "celeba", a folder of images, an image (PNG, JPEG, WebP), a MATLAB file of images (.mat), a matrix whose rows are samples (.npy), or a store of rows: a file (.npz, .safetensors, and with the package VariationalSparseCoding.Columnar .parquet and .arrow), a folder of such files, or a path with * or ?. Default: natural-images.</summary>
    public string Source { get; init; } = NaturalImages;

    /// <summary>The folder that holds the files of "fashion-mnist" or "celeba". Default: empty, which has the files of fashion-mnist looked for where they are usually kept; celeba needs it.</summary>
    public string Root { get; init; } = "";

    /// <summary>Rows and columns of an image patch, 1 to 1024; ignored for matrices and whole images. Default: 16.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>
    /// Rows and columns to which every image of a folder is brought, to be one sample, 1 to 1024; 0 takes patches of a folder, 28 for fashion-mnist (which has no other)
    /// and 64 for celeba. Default: 0.
    /// </summary>
    public int ImageSize { get; init; }

    /// <summary>Channels of whole images: 1 (grey) or 3 (red, green, blue); 0 takes 1 for fashion-mnist and 3 for celeba and folders. Default: 0.</summary>
    public int Channels { get; init; }

    /// <summary>Whether training mirrors each whole image, left to right, with probability 1/2. Default: false.</summary>
    public bool Flip { get; init; }

    /// <summary>Whether damaged files among the images of celeba or of a folder are left out; else they are an error. Default: false.</summary>
    public bool SkipBadImages { get; init; }

    /// <summary>How many training samples are drawn, at least 1; of fashion-mnist and celeba the first of the training split. Default: 20000.</summary>
    public int TrainSamples { get; init; } = 20_000;

    /// <summary>How many validation samples are drawn, at least 1 (none of samples in memory); of fashion-mnist and celeba the first of the test split. Default: 4000.</summary>
    public int ValidationSamples { get; init; } = 4_000;

    /// <summary>How samples are normalised, by statistics of the whole data set or, of a store, of many of its training rows; ignored for whole images, which are used in [0, 1]. Patches are standardised by pixel or used as they are. Default: column; for stores global.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.Column;

    /// <summary>Which tensor, array, column or layer of a store's files holds the rows. Default: empty, the only one that can.</summary>
    public string Tensor { get; init; } = "";

    /// <summary>Whether the validation samples of a store are rows drawn at random or whole files. Default: rows.</summary>
    public HeldOut HoldOut { get; init; } = HeldOut.Rows;

    /// <summary>Adds one line for every option that is out of range. What contradicts the source, and whether there is such data, shows when it is opened.</summary>
    /// <param name="errors">Receives the lines.</param>
    internal void Validate(ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (PatchSize is < 1 or > LargestPatchSize) errors.Add($"data.patchSize is {PatchSize}; it must be 1 to {LargestPatchSize}");
        if (ImageSize is < 0 or > LargestImageSize) errors.Add($"data.imageSize is {ImageSize}; it must be 1 to {LargestImageSize}, or 0 for the source's own");
        if (Channels is not (0 or 1 or 3)) errors.Add($"data.channels is {Channels}; it must be 1 (grey) or 3 (colour), or 0 for the source's own");
        if (TrainSamples < 1) errors.Add($"data.trainSamples is {TrainSamples}; it must be at least 1");
        if (ValidationSamples < 1 && Source is not (Memory or Imported)) errors.Add($"data.validationSamples is {ValidationSamples}; it must be at least 1");
        if ((long)TrainSamples + ValidationSamples > Array.MaxLength) errors.Add($"data.trainSamples and data.validationSamples are together more than {Array.MaxLength}");
        if (string.IsNullOrWhiteSpace(Source)) errors.Add("data.source is empty; name a data set, a file or a folder");
    }
}
