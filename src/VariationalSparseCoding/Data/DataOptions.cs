namespace VariationalSparseCoding.Data;

/// <summary>Which data a run uses.</summary>
public sealed record DataOptions
{
    /// <summary>The <see cref="Source"/> that stands for the natural images embedded in this library.</summary>
    public const string NaturalImages = "natural-images";

    private const int LargestPatchSize = 1024;

    /// <summary>"natural-images", a folder of images, an image (PNG, JPEG, WebP), a MATLAB file of images (.mat), or a matrix whose rows are samples (.npy). Default: natural-images.</summary>
    public string Source { get; init; } = NaturalImages;

    /// <summary>Rows and columns of an image patch, 1 to 1024; of no meaning for a matrix. Default: 16.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>How many training samples are drawn, at least 1. Default: 20000.</summary>
    public int TrainSamples { get; init; } = 20_000;

    /// <summary>How many validation samples are drawn, at least 1. Default: 4000.</summary>
    public int ValidationSamples { get; init; } = 4_000;

    /// <summary>Whether each value is standardised by its mean and standard deviation over the whole data set. Default: true.</summary>
    public bool Standardise { get; init; } = true;

    /// <summary>Adds one line for every option that is out of range.</summary>
    /// <param name="errors">Receives the lines.</param>
    public void Validate(ICollection<string> errors)
    {
        if (string.IsNullOrWhiteSpace(Source)) errors.Add($"data.source is empty; name {NaturalImages}, a folder of images, or an image, .mat or .npy file");
        if (PatchSize is < 1 or > LargestPatchSize) errors.Add($"data.patchSize is {PatchSize}; it must be 1 to {LargestPatchSize}");
        if (TrainSamples < 1) errors.Add($"data.trainSamples is {TrainSamples}; it must be at least 1");
        if (ValidationSamples < 1) errors.Add($"data.validationSamples is {ValidationSamples}; it must be at least 1");
        if ((long)TrainSamples + ValidationSamples > Array.MaxLength) errors.Add($"data.trainSamples and data.validationSamples are together more than {Array.MaxLength}");
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
}
