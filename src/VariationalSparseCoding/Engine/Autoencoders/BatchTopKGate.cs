using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// The k B largest values above 0 of a batch: z = h there. A code on its own takes what exceeds the running mean of the batches' least active value, so that it depends on its
/// sample alone.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal class BatchTopKGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    // The threshold of codes is a mean over about a hundred batches.
    private const double ThresholdShare = 0.01;

    // At first a mean over the last fifth of the batches.
    private const double FirstShares = 5;

    // The next batch's values are first compared with so much of the last one's least active value.
    private const float Lowered = 0.75f;

    private float floor, least;

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, floor);

    /// <inheritdoc/>
    public override bool Restrict(SparseEntries entries, in BatchFacts facts)
    {
        int wanted = (int)Math.Min(int.MaxValue, (long)Active * facts.Rows);
        if (floor > 0 && entries.Count < wanted)
        {
            floor = 0;
            return false;
        }
        least = entries.KeepLargest(wanted);
        floor = entries.Count < wanted ? 0 : Lowered * least;
        return true;
    }

    /// <inheritdoc/>
    public override void End(long step)
    {
        var threshold = Parameters.Threshold!.All;
        double share = Math.Max(ThresholdShare, FirstShares / (step + FirstShares));
        threshold.Fill((float)(threshold[0] + share * (least - threshold[0])));
    }

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Math.Max(0, Parameters.Threshold!.All[0]));
}

/// <summary>
/// BatchTopK whose features form nested groups, of which the first hold the first 1/32, 1/16 more, 1/8 more and 1/4 more of them, and the last all: every group has to
/// reconstruct the samples alone, and the loss is the mean over groups. The first features thus learn what is common.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class MatryoshkaGate(AutoencoderParameters parameters, int active) : BatchTopKGate(parameters, active)
{
    private static readonly double[] Shares = [1.0 / 32, 3.0 / 32, 7.0 / 32, 15.0 / 32];

    /// <inheritdoc/>
    public override IReadOnlyList<int> GroupEnds { get; } =
        [.. Shares.Select(share => (int)Math.Ceiling(share * parameters.Atoms.Rows)).Where(end => end < parameters.Atoms.Rows).Distinct()];
}
