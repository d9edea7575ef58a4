using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>
/// A variational family as the managed engine uses it: draws of one input after the other, their pullback to the heads' outputs, the KL to the fixed prior, and the
/// codes that need no draw. It holds the buffers of one thread. An input's heads are handed in with every call; what is derived from them is kept under
/// the input's slot from <see cref="Prepare"/> on, and a draw's noise under its line until the line is drawn again.
/// </summary>
internal abstract class RowPosterior
{
    /// <summary>The heads of a posterior, in the order of the inference network's layers.</summary>
    /// <param name="options">The posterior.</param>
    public static IReadOnlyList<Head> HeadsOf(PosteriorOptions options) => options.Family.HasSpikes ? [Head.Scale, Head.Shift, Head.Spike]
        : options.Threshold == ThresholdKind.Gamma ? [Head.Scale, Head.Shift, Head.LogShape, Head.LogRate]
        : [Head.Scale, Head.Shift];

    /// <summary>The value of a head that makes an input's posterior the fixed prior.</summary>
    /// <param name="options">The posterior.</param>
    /// <param name="head">The head.</param>
    public static double FixedPrior(PosteriorOptions options, Head head) => head switch
    {
        Head.Scale => Math.Log(options.PriorSpread),
        Head.Shift => 0,
        Head.Spike => Math.Log(options.SpikePrior) - (options.SpikeLogit == SpikeLogit.LogOdds ? Math.Log(1 - options.SpikePrior) : 0),
        Head.LogShape => Math.Log(options.GammaPriorShape),
        _ => Math.Log(options.GammaPriorShape / GammaPrior.Mean(options)),
    };

    /// <summary>Whether codes have exact zeros, so that a draw is best scored by <see cref="SparseDraw"/>.</summary>
    /// <param name="options">The posterior.</param>
    public static bool HasSparseCodes(PosteriorOptions options) => options.Threshold != ThresholdKind.None || options.Family.HasSpikes;

    /// <summary>Begins a step or an encoding.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Noise scale and temperature.</param>
    public abstract void Begin(NoiseKey key, AnnealedWeights anneal);

    /// <summary>Derives from an input's heads what its draws share.</summary>
    /// <param name="slot">Where it is kept.</param>
    /// <param name="noiseRow">The row of the input's noise.</param>
    /// <param name="heads">The heads' outputs.</param>
    public abstract void Prepare(int slot, uint noiseRow, in HeadRows heads);

    /// <summary>The active features of a draw; the noise of line 0 is lost.</summary>
    /// <param name="slot">The input.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="code">Receives them.</param>
    public abstract void SparseDraw(int slot, int draw, in HeadRows heads, SparseCode code);

    /// <summary>The code of a draw.</summary>
    /// <param name="slot">The input.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="line">Where its noise is kept.</param>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="code">Receives z, [d].</param>
    public abstract void Draw(int slot, int draw, int line, in HeadRows heads, Span<float> code);

    /// <summary>Writes the gradients of an input's heads: those of its draws, and the KL's.</summary>
    /// <param name="slot">The input.</param>
    /// <param name="firstLine">The first of its lines.</param>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="codeGradients">dL/dz of its draws, [J, d].</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <param name="gradients">Receives the gradients.</param>
    /// <returns>The input's KL.</returns>
    public abstract float Pullback(int slot, int firstLine, in HeadRows heads, ReadOnlySpan<float> codeGradients, float klWeight, in HeadGradientRows gradients);

    /// <summary>The probability that a feature is active, sharp or not: 1 where there is no threshold and no spike.</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="probabilities">Receives the probabilities, [d].</param>
    public abstract void OnProbability(in HeadRows heads, Span<float> probabilities);

    /// <summary>The KL of each feature to the fixed prior.</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="divergences">Receives the KL, [d].</param>
    public abstract void Divergences(in HeadRows heads, Span<float> divergences);

    /// <summary>The mean of z up to the shrinkage that averages out: mu P(on).</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="code">Receives the code, [d].</param>
    public void Mean(in HeadRows heads, Span<float> code)
    {
        OnProbability(heads, code);
        for (int i = 0; i < code.Length; i++) code[i] *= heads.Shift[i];
    }

    /// <summary>The mode of z: mu where a feature is more likely on than off, else 0.</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="code">Receives the code, [d].</param>
    public void Mode(in HeadRows heads, Span<float> code)
    {
        OnProbability(heads, code);
        for (int i = 0; i < code.Length; i++) code[i] = code[i] > 0.5f ? heads.Shift[i] : 0;
    }
}
