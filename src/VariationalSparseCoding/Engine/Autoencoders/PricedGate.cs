using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>A gate whose values above 0 have a price: p for each unit, p being moved until k features are active on average.</summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal abstract class PricedGate(AutoencoderParameters parameters, int active) : Gate(parameters, active)
{
    // The price begins at this share of the values' own scale, and moves by at most this share a step.
    private const float FirstShare = 0.1f;
    private const double Reaction = 0.03;

    private readonly FloatMatrix price = new(1, 1);
    private double activeMean;
    private int rows;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, FloatMatrix Value)> State => [("price", price)];

    /// <summary>What each unit of an entry's value costs in the mean over the batch.</summary>
    protected float Price => price.All[0] / rows;

    /// <summary>Begins with k features active.</summary>
    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs)
    {
        float quantile = Quantile(inputs);
        Parameters.Bias.All.Fill(-quantile);
        // Where more than half of all values are to be active, there is no scale to begin with; the price finds its own.
        price.All[0] = FirstShare * (quantile > 0 ? quantile : 1e-3f);
        return true;
    }

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, 0);

    /// <inheritdoc/>
    public override bool Restrict(SparseEntries entries, in BatchFacts facts)
    {
        (rows, activeMean) = (facts.Rows, (double)entries.Count / facts.Rows);
        return true;
    }

    /// <inheritdoc/>
    public override double Penalty(SparseEntries entries)
    {
        double sum = 0;
        foreach (float input in entries.Inputs) sum += input;
        return Price * sum;
    }

    /// <inheritdoc/>
    public override void End(long step) => price.All[0] *= (float)Math.Exp(Reaction * Math.Clamp(activeMean / Active - 1, -1, 1));
}

/// <summary>z = h where h is above 0, with a price on the 1-norm of z.</summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class ReluGate(AutoencoderParameters parameters, int active) : PricedGate(parameters, active)
{
    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        foreach (ref float gradient in entries.Gradients[entries.Start(row)..entries.Start(row + 1)]) gradient += Price;
    }
}

/// <summary>
/// Features with h above 0 are active, and their code is max(0, exp(r) h + s) with r and s of their own. The price is on h, so that it does not shrink the code, and h has to reconstruct
/// the samples too, on a dictionary that does not learn from it.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal sealed class GatedGate(AutoencoderParameters parameters, int active) : PricedGate(parameters, active)
{
    /// <inheritdoc/>
    public override IReadOnlyList<FloatMatrix> Learned { get; } = [parameters.MagnitudeBias!, parameters.MagnitudeScale!];

    /// <inheritdoc/>
    public override bool HasOwnPath => true;

    /// <summary>Begins with codes that are not shrunk by the bias.</summary>
    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs)
    {
        bool changed = base.Initialise(inputs);
        Parameters.MagnitudeBias!.All.Fill(-Parameters.Bias.All[0]);
        return changed;
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int row)
    {
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++) entries.Codes[i] = Value(entries.Features[i], entries.Inputs[i]);
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        var scales = Parameters.MagnitudeScale!.All;
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++)
        {
            float byStrength = entries.Codes[i] > 0 ? entries.Gradients[i] : 0, factor = MathF.Exp(scales[entries.Features[i]]);
            entries.Gradients[i] = factor * byStrength + entries.SecondOwn[i] + Price;
            entries.FirstOwn[i] = byStrength;
            entries.SecondOwn[i] = factor * byStrength * entries.Inputs[i];
        }
    }

    /// <inheritdoc/>
    protected override float Value(int feature, float input) => Math.Max(0, MathF.Exp(Parameters.MagnitudeScale!.All[feature]) * input + Parameters.MagnitudeBias!.All[feature]);
}
