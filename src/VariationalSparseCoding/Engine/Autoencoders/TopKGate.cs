using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>The k largest values above 0 of each sample, the first ones of equal value: z = h there.</summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class TopKGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddLargest(inputs, Active);
}
