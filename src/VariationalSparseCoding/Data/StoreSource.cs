using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>The rows of a store: of one file, of the files of a folder, or of those that a pattern names.</summary>
internal sealed class StoreSource : DataSource
{
    /// <inheritdoc/>
    public override string Name => "STORE";

    /// <inheritdoc/>
    public override string Summary => $"rows of numbers in files of any number and size: a file ({string.Join(", ", RowFormats.Endings.Where(ending => ending != ".npy"))}), a folder of such files or of .npy, a path with * or ?, a folder that 'collect' or saev has written";

    /// <inheritdoc/>
    public override bool IsPath => true;

    /// <inheritdoc/>
    public override bool IsStore => true;

    /// <inheritdoc/>
    public override Normalisation Normalisation => Normalisation.Global;

    /// <inheritdoc/>
    public override bool Claims(string source) => StoreFiles.IsPattern(source) || RowFormats.HasEnding(source) || StoreFiles.AreIn(source);

    /// <inheritdoc/>
    public override bool CanNormalise(Normalisation normalisation) => true;

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options)
    {
        using var store = RowStore.Open(options.Source, options.Tensor);
        if (options.HoldOut == HeldOut.Rows) return new(store.Rows);
        long trained = StorePlan.RowsBeforeHeldOutShards(store, options.ValidationSamples);
        return new(trained, store.Rows - trained) { TakesAll = true };
    }

    /// <inheritdoc/>
    public override int Dimension(DataOptions options)
    {
        using var store = RowStore.Open(options.Source, options.Tensor);
        return store.Columns;
    }

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed) => StoreSet.Draw(options, seed);

    /// <inheritdoc/>
    /// <remarks>Rows are taken before they are normalised: for a model of image patches they are whitened patches, for a model of whole images values in [0, 1].</remarks>
    public override ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice) => StoreSet.OpenAll(source, choice.Tensor, preprocessing);
}
