namespace VariationalSparseCoding.Data;

/// <summary>Which data a run uses.</summary>
public sealed record DataOptions
{
    /// <summary>The <see cref="Source"/> that stands for the natural images embedded in this library.</summary>
    public const string NaturalImages = "natural-images";

    /// <summary>The <see cref="Source"/> that stands for the articles of clothing of Fashion-MNIST; see <see cref="Data.FashionMnist"/>.</summary>
    public const string FashionMnist = "fashion-mnist";

    /// <summary>The <see cref="Source"/> that stands for the aligned faces of CelebA in their official layout below <see cref="Root"/>.</summary>
    public const string CelebA = "celeba";

    /// <summary>The <see cref="Source"/> of a model that a program trained on samples of its own: they cannot be opened again.</summary>
    public const string Memory = "memory";

    private const int LargestPatchSize = 1024, LargestImageSize = 1024, DefaultFaceSize = 64;

    /// <summary>"natural-images", "fashion-mnist", "celeba", a folder of images, an image (PNG, JPEG, WebP), a MATLAB file of images (.mat), or a matrix whose rows are samples (.npy). Default: natural-images.</summary>
    public string Source { get; init; } = NaturalImages;

    /// <summary>The folder that holds the files of "fashion-mnist" or "celeba". Default: empty, which has the files of fashion-mnist looked for where they are usually kept; celeba needs it.</summary>
    public string Root { get; init; } = "";

    /// <summary>Rows and columns of an image patch, 1 to 1024; of no meaning for a matrix and for whole images. Default: 16.</summary>
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

    /// <summary>Whether damaged files among the images of celeba or of a folder of whole images are left out; else they are an error. Default: false.</summary>
    public bool SkipBadImages { get; init; }

    /// <summary>How many training samples are drawn, at least 1; of fashion-mnist and celeba the first of the training split. Default: 20000.</summary>
    public int TrainSamples { get; init; } = 20_000;

    /// <summary>How many validation samples are drawn, at least 1 (none of samples in memory); of fashion-mnist and celeba the first of the test split. Default: 4000.</summary>
    public int ValidationSamples { get; init; } = 4_000;

    /// <summary>Whether each value is standardised by its mean and standard deviation over the whole data set; of no meaning for whole images, which are used in [0, 1]. Default: true.</summary>
    public bool Standardise { get; init; } = true;

    /// <summary>The shape of a sample that is a whole image; null where samples are patches or rows of a matrix.</summary>
    internal ImageShape? ImageShape => Source switch
    {
        FashionMnist => Data.FashionMnist.Shape,
        CelebA => Square(ImageSize == 0 ? DefaultFaceSize : ImageSize),
        _ => ImageSize == 0 ? null : Square(ImageSize),
    };

    /// <summary>Whether a <see cref="Source"/> is a data set's name, and not the path of a file or folder.</summary>
    /// <param name="source">The source.</param>
    public static bool IsName(string source) => source is NaturalImages or FashionMnist or CelebA or Memory;

    /// <summary>Adds one line for every option that is out of range or contradicts the source.</summary>
    /// <param name="errors">Receives the lines.</param>
    public void Validate(ICollection<string> errors)
    {
        if (string.IsNullOrWhiteSpace(Source)) errors.Add($"data.source is empty; name {NaturalImages}, {FashionMnist}, {CelebA}, a folder of images, or an image, .mat or .npy file");
        if (PatchSize is < 1 or > LargestPatchSize) errors.Add($"data.patchSize is {PatchSize}; it must be 1 to {LargestPatchSize}");
        if (TrainSamples < 1) errors.Add($"data.trainSamples is {TrainSamples}; it must be at least 1");
        if (ValidationSamples < 1 && Source != Memory) errors.Add($"data.validationSamples is {ValidationSamples}; it must be at least 1");
        if ((long)TrainSamples + ValidationSamples > Array.MaxLength) errors.Add($"data.trainSamples and data.validationSamples are together more than {Array.MaxLength}");
        ValidateImages(errors);
    }

    /// <summary>These options with no more samples than there are: where they do not suffice, one in six goes to validation, unless its number is given.</summary>
    /// <param name="available">How many samples the source has.</param>
    /// <param name="validationIsGiven">Whether the number of validation samples must stay.</param>
    public DataOptions FitTo(long available, bool validationIsGiven)
    {
        if ((long)TrainSamples + ValidationSamples <= available) return this;
        int validation = validationIsGiven ? ValidationSamples : (int)Math.Min(ValidationSamples, Math.Max(1, available / 6));
        return this with { ValidationSamples = validation, TrainSamples = (int)Math.Clamp(available - validation, 1, TrainSamples) };
    }

    private ImageShape Square(int side) => new(Channels == 0 ? 3 : Channels, side, side);

    private void ValidateImages(ICollection<string> errors)
    {
        bool isFolder = !IsName(Source) && !DataSets.IsMatrix(Source) && !DataSets.IsMatlab(Source);
        if (ImageSize is < 0 or > LargestImageSize) errors.Add($"data.imageSize is {ImageSize}; it must be 1 to {LargestImageSize}, or 0 for the source's own");
        else if (ImageSize != 0 && Source == FashionMnist && ImageSize != Data.FashionMnist.Side)
            errors.Add($"data.imageSize is {ImageSize}; the images of {FashionMnist} have {Data.FashionMnist.Side} rows and columns: leave it out");
        else if (ImageSize != 0 && Source is not (FashionMnist or CelebA) && !isFolder) errors.Add($"data.imageSize is {ImageSize}, but '{Source}' has no whole images for samples; leave it out, or name a folder of images");
        if (Channels is not (0 or 1 or 3)) errors.Add($"data.channels is {Channels}; it must be 1 (grey) or 3 (colour), or 0 for the source's own");
        else if (Channels == 3 && Source == FashionMnist) errors.Add($"data.channels is 3; the images of {FashionMnist} are grey: leave it out");
        bool hasImages = ImageShape is not null;
        if (Channels != 0 && !hasImages) errors.Add($"data.channels is {Channels}, but samples of '{Source}' are no whole images; leave it out, or set data.imageSize for a folder of images");
        if (Flip && !hasImages) errors.Add($"data.flip is true, but samples of '{Source}' are no whole images; leave it out, or set data.imageSize for a folder of images");
        if (SkipBadImages && (!hasImages || Source == FashionMnist)) errors.Add($"data.skipBadImages is true, but '{Source}' has no image files that are samples; leave it out");
        if (Root != "" && Source is not (FashionMnist or CelebA)) errors.Add($"data.root is '{Root}', but only {FashionMnist} and {CelebA} have a root; leave it out, or choose one of them as data.source");
    }
}
