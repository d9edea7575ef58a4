namespace VariationalSparseCoding.Data;

/// <summary>Data that a model is measured on in place of samples of its own.</summary>
/// <param name="Source">The data, as it is given for encoding.</param>
/// <param name="Tensor">Which tensor, array, column or layer of a store's files; empty for the only one.</param>
/// <param name="Samples">How many samples are taken at most, evenly spread over the data.</param>
internal sealed record MeasuredData(string Source, string Tensor = "", int Samples = MeasuredData.UsualSamples)
{
    /// <summary>How many samples are taken where nobody says.</summary>
    public const int UsualSamples = 4000;

    /// <summary>Opens the samples.</summary>
    /// <param name="preprocessing">The model's preprocessing.</param>
    /// <exception cref="InvalidInputException">The data cannot be read, or does not fit the model.</exception>
    public DataSplit Open(Preprocessing preprocessing)
    {
        var all = DataSets.OpenForEncoding(Source, preprocessing, new(Tensor: Tensor));
        if (all.Count > 0) return new(all, new SampleSelection(all, Samples), preprocessing);
        all.Dispose();
        throw new InvalidInputException($"{Source}: has no samples; give at least one");
    }
}
