using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// z = h where h exceeds the feature's own threshold t. The mean number of active features l0 is drawn to k by the penalty w (l0/k - 1)^2, and held there by its integral over steps. The step function's derivative is that of a
/// ramp over a window of half the threshold's width around it, by h and by t.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class JumpReluGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    /// <summary>The window's width as a share of the threshold.</summary>
    public const float Window = 0.5f;

    /// <summary>The penalty's weight w as a share of the samples' mean square.</summary>
    public const double PenaltyShare = 0.13;

    // A penalty alone comes to rest beside k; what is left of the difference is added up at this share a step until it is gone.
    private const double Integration = 0.02;

    private readonly FloatMatrix integral = new(1, 1);
    private double weight, activeMean;
    private int rows;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, FloatMatrix Value)> State => [("integral", integral)];

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
        (rows, weight) = (facts.Rows, PenaltyShare * facts.Energy * facts.PenaltyShare);
        var thresholds = Parameters.Threshold!.All;
        long count = 0;
        for (int i = 0; i < entries.Count; i++)
            if (entries.Inputs[i] > thresholds[entries.Features[i]]) count++;
        activeMean = (double)count / rows;
        return true;
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int first, int end)
    {
        var thresholds = Parameters.Threshold!.All;
        for (int i = first; i < end; i++) entries.Codes[i] = entries.Inputs[i] > thresholds[entries.Features[i]] ? entries.Inputs[i] : 0;
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int first, int end)
    {
        var thresholds = Parameters.Threshold!.All;
        // dL/d(activity) of every entry.
        float price = (float)(2 * weight * (activeMean / Active - 1 + integral.All[0]) / ((double)Active * rows));
        for (int i = first; i < end; i++)
        {
            float threshold = thresholds[entries.Features[i]], input = entries.Inputs[i], byCode = entries.Gradients[i], width = Window * threshold;
            // Those further below were not collected.
            float byGate = input - threshold < width / 2 && width > 0 ? (byCode * input + price) / width : 0;
            entries.Gradients[i] = (entries.Codes[i] != 0 ? byCode : 0) + byGate;
            entries.FirstOwn[i] = -byGate;
        }
    }

    /// <inheritdoc/>
    public override double Penalty(SparseEntries entries) => weight * Math.Pow(activeMean / Active - 1, 2);

    /// <inheritdoc/>
    public override void End(long step) => integral.All[0] += (float)(Integration * Math.Clamp(activeMean / Active - 1, -1, 1));

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1);
}
