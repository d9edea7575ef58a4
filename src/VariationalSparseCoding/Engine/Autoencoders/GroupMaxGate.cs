using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>The largest value above 0 of each of k equal groups of neighbouring features, the first one of equal values: z = h there.</summary>
/// <param name="parameters">What was learned.</param>
/// <param name="active">k, which divides the number of features.</param>
internal sealed class GroupMaxGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries)
    {
        int size = inputs.Length / Active;
        for (int first = 0; first < inputs.Length; first += size)
        {
            int best = first;
            for (int feature = first + 1; feature < first + size; feature++)
                if (inputs[feature] > inputs[best]) best = feature;
            if (inputs[best] > 0) entries.Add(best, inputs[best]);
        }
    }
}
