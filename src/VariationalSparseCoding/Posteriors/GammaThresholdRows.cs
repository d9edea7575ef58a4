using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>The learned thresholds of <see cref="LocationScaleRows{TBase}"/>: l ~ Gamma(alpha, beta) for each input and feature.</summary>
internal sealed class GammaThresholdRows
{
    private readonly GammaThresholdPrior prior;
    private readonly float[] shapes, rates, thresholds;
    private readonly int features;
    private GammaVariate.RowDrawer drawer;
    private int drawerSlot;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">A posterior with learned thresholds.</param>
    /// <param name="features">d.</param>
    /// <param name="slots">How many inputs are prepared at a time.</param>
    /// <param name="lines">How many draws are kept at a time.</param>
    public GammaThresholdRows(PosteriorOptions options, int features, int slots, int lines)
    {
        this.features = features;
        prior = new(options.GammaPriorShape, options.GammaPriorShape / GammaPrior.Mean(options), options.GammaKlFactor);
        (shapes, rates, thresholds) = (new float[slots * features], new float[slots * features], new float[lines * features]);
        drawer = new(default, features);
    }

    /// <summary>alpha or beta of a head's output: the exponential, clamped, not its logarithm (docs/mathematics.md section 9, row 11).</summary>
    /// <param name="head">The output.</param>
    public static float Positive(float head) => Math.Clamp(MathF.Exp(head), GammaThresholdKernel.Smallest, GammaThresholdKernel.Largest);

    /// <summary>Begins a step or an encoding.</summary>
    /// <param name="key">The noise's key.</param>
    public void Begin(NoiseKey key) => (drawer, drawerSlot) = (new(key, features), -1);

    /// <summary>Computes an input's shapes and rates.</summary>
    /// <param name="slot">Where they are kept.</param>
    /// <param name="heads">The heads' outputs.</param>
    public void Prepare(int slot, in HeadRows heads)
    {
        Span<float> shape = Shape(slot), rate = Rate(slot);
        RowKernels.Exp(heads.LogShape, 1, 1, shape);
        RowKernels.Exp(heads.LogRate, 1, 1, rate);
        for (int i = 0; i < features; i++)
        {
            shape[i] = Math.Clamp(shape[i], GammaThresholdKernel.Smallest, GammaThresholdKernel.Largest);
            rate[i] = Math.Clamp(rate[i], GammaThresholdKernel.Smallest, GammaThresholdKernel.Largest);
        }
        if (slot == drawerSlot) drawerSlot = -1;
    }

    /// <summary>Draws the thresholds of a line.</summary>
    /// <param name="slot">The input.</param>
    /// <param name="noiseRow">The row of its noise.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="line">The line.</param>
    public void Draw(int slot, uint noiseRow, int draw, int line)
    {
        if (slot != drawerSlot) drawer.Shapes<float>(Shape(drawerSlot = slot));
        var drawn = thresholds.AsSpan(line * features, features);
        drawer.Draw(noiseRow, draw, drawn);
        RowKernels.Divide(drawn, Rate(slot));
    }

    /// <summary>The thresholds of some lines, [J, d].</summary>
    /// <param name="firstLine">The first.</param>
    /// <param name="lines">How many.</param>
    public ReadOnlySpan<float> Of(int firstLine, int lines) => thresholds.AsSpan(firstLine * features, lines * features);

    /// <summary>Writes the gradients of the thresholds' heads.</summary>
    /// <param name="slot">The input.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <param name="gradients">Receives dL/dlog alpha and dL/dlog beta.</param>
    /// <returns>The weighted KL of the input's thresholds.</returns>
    public float Pullback(int slot, in ThresholdedLines lines, float klWeight, in HeadGradientRows gradients) =>
        GammaThresholdKernel.Pullback(new() { Shape = Shape(slot), Rate = Rate(slot) }, prior, lines, klWeight, gradients);

    /// <summary>Adds the weighted KL of each feature's threshold.</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="divergences">Is added to, [d].</param>
    public void AddDivergences(in HeadRows heads, Span<float> divergences)
    {
        for (int i = 0; i < divergences.Length; i++)
            divergences[i] += (float)(prior.KlFactor * GammaThresholdKernel.Divergence(Positive(heads.LogShape[i]), Positive(heads.LogRate[i]), prior).Value);
    }

    private Span<float> Shape(int slot) => shapes.AsSpan(slot * features, features);

    private Span<float> Rate(int slot) => rates.AsSpan(slot * features, features);
}
