using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>The samples of a model that another program trained: nothing is known of them.</summary>
internal sealed class ImportedSource : DataSource
{
    /// <inheritdoc/>
    public override string Name => DataOptions.Imported;

    /// <inheritdoc/>
    public override string Summary => "samples on which another program trained an imported dictionary; they are not known";

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options) => throw Unknown();

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed) => throw Unknown();

    private static InvalidInputException Unknown() =>
        new("the dictionary was imported, and the samples that it was trained on are not known: name the data that it is to be measured on") { Remedy = Remedy.NameData };
}
