using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>How many samples a source has.</summary>
/// <param name="Train">Samples of its training part; all of them if the source does not come divided.</param>
/// <param name="Validation">Samples of its validation part; null if training and validation samples are drawn from the same ones.</param>
internal readonly record struct SampleCount(long Train, long? Validation = null)
{
    /// <summary>Whether samples are drawn from overlapping ones, such as the patches of an image: so many that nobody wants all.</summary>
    public bool Overlap { get; init; }

    /// <summary>Whether all training samples of a source that comes divided are taken, and not only as many as wanted.</summary>
    public bool TakesAll { get; init; }

    /// <summary>All samples.</summary>
    public long Total => Train + (Validation ?? 0);

    /// <summary>
    /// Returns options with all samples of a source that does not come divided, or as many as wanted of one that does or whose samples overlap; and never with more than there are.
    /// One in six goes to validation if that is fewer than wanted, unless its number is given.
    /// </summary>
    /// <param name="wanted">Options whose numbers of samples are wanted.</param>
    /// <param name="validationIsGiven">Whether the number of validation samples must stay.</param>
    public DataOptions Fit(DataOptions wanted, bool validationIsGiven)
    {
        if (Validation is { } part)
            return wanted with { TrainSamples = AtMost(Train, TakesAll ? Array.MaxLength - wanted.ValidationSamples : wanted.TrainSamples), ValidationSamples = validationIsGiven ? wanted.ValidationSamples : AtMost(part, wanted.ValidationSamples) };
        if (Overlap && (long)wanted.TrainSamples + wanted.ValidationSamples <= Train) return wanted;
        int validation = validationIsGiven ? wanted.ValidationSamples : AtMost(Train / 6, wanted.ValidationSamples);
        return wanted with { ValidationSamples = validation, TrainSamples = AtMost(Train - validation, Overlap ? wanted.TrainSamples : Array.MaxLength - validation) };

    }

    /// <summary>Returns options with as many validation samples as wanted, or as the training samples leave if those are fewer.</summary>
    /// <param name="wanted">Options whose number of training samples must stay.</param>
    public DataOptions FitValidation(DataOptions wanted) => wanted with { ValidationSamples = AtMost(Validation ?? Train - wanted.TrainSamples, wanted.ValidationSamples) };

    private static int AtMost(long available, int wanted) => (int)Math.Clamp(available, 1, wanted);
}
