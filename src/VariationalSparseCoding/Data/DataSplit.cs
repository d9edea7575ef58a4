namespace VariationalSparseCoding.Data;

/// <summary>The samples of a run and how they were made.</summary>
/// <param name="Train">Training samples.</param>
/// <param name="Validation">Validation samples, none of which is among the training samples (patches may overlap in the image, as in the published experiments).</param>
/// <param name="Preprocessing">How both were made, to be saved with the model.</param>
internal sealed record DataSplit(ISampleSet Train, ISampleSet Validation, Preprocessing Preprocessing) : IDisposable
{
    /// <summary>What is known of the samples: the classes of Fashion-MNIST, the attributes of CelebA; null for others.</summary>
    public SampleLabels? Labels { get; init; }

    /// <summary>What a person should know of the data, in one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The mean squared value of the preprocessed samples' entries; null if it is not known before they are read.</summary>
    public double? MeanSquare { get; init; }

    /// <summary>Closes both sets.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
    }
}
