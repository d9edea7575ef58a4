using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>Samples that a program trained on and kept for itself.</summary>
internal sealed class MemorySource : DataSource
{
    /// <inheritdoc/>
    public override string Name => DataOptions.Memory;

    /// <inheritdoc/>
    public override string Summary => "samples in the memory of a program that used the library; they cannot be opened again";

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options) => throw Gone();

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed) => throw Gone();

    private static InvalidInputException Gone() =>
        new($"data.source is {DataOptions.Memory}: the samples were in a program's memory and are gone; name a file or folder");
}
