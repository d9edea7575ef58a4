using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// z = h where h exceeds the feature's own threshold t, the mean number of active features being held at k by <see cref="ActivityTarget"/>. The step function's derivative is that of a
/// ramp over a window of half the threshold's width around it, by h and by t.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class JumpReluGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    /// <summary>The window's width as a share of the threshold.</summary>
    public const float Window = 0.5f;

    private readonly ActivityTarget target = new(active);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, FloatMatrix Value)> State => [target.State];

    /// <inheritdoc/>
    public override IReadOnlyList<FloatMatrix> Learned { get; } = [parameters.Threshold!];

    /// <inheritdoc/>
    public override float Revival => -1;

    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs)
    {
        Parameters.Threshold!.All.Fill(Quantile(inputs));
        return false;
    }

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1 - Window / 2);

    /// <inheritdoc/>
    public override bool Restrict(SparseEntries entries, in BatchFacts facts)
    {
        var thresholds = Parameters.Threshold!.All;
        long count = 0;
        for (int i = 0; i < entries.Count; i++)
            if (entries.Inputs[i] > thresholds[entries.Features[i]]) count++;
        target.Observe((double)count / facts.Rows, facts);
        return true;
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int row)
    {
        var thresholds = Parameters.Threshold!.All;
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++) entries.Codes[i] = entries.Inputs[i] > thresholds[entries.Features[i]] ? entries.Inputs[i] : 0;
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        var thresholds = Parameters.Threshold!.All;
        // dL/d(activity) of every entry.
        float price = target.Price;
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++)
        {
            float threshold = thresholds[entries.Features[i]], input = entries.Inputs[i], byCode = entries.Gradients[i], width = Window * threshold;
            // Those further below were not collected.
            float byGate = input - threshold < width / 2 && width > 0 ? (byCode * input + price) / width : 0;
            entries.Gradients[i] = (entries.Codes[i] != 0 ? byCode : 0) + byGate;
            entries.FirstOwn[i] = -byGate;
        }
    }

    /// <inheritdoc/>
    public override double Penalty(SparseEntries entries) => target.Penalty;

    /// <inheritdoc/>
    public override void End(long step) => target.End();

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1);
}
