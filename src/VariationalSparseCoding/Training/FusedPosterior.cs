using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// A posterior for <see cref="FusedStep"/>: the codes of a sample and their pullback, on the CPU in float32 and line by line, with the numbers of <see cref="Posterior"/>.
/// A line is one sample of one input; the lines of an input stand together.
/// </summary>
/// <param name="heads">The heads' outputs of some neighbouring inputs, [inputs, d] each; taken over.</param>
/// <param name="gradients">Where dL/d(head) is written, [inputs, d] each; taken over.</param>
/// <param name="firstRow">The noise's row of the first input.</param>
internal abstract class FusedPosterior(HeadTensors heads, HeadTensors gradients, int firstRow) : IDisposable
{
    /// <summary>Creates the fused form of a posterior.</summary>
    /// <param name="options">The posterior; see <see cref="Supports"/>.</param>
    /// <param name="heads">The heads' outputs of some neighbouring inputs, [inputs, d] each, filled before each step; taken over.</param>
    /// <param name="gradients">Where dL/d(head) is written, [inputs, d] each; taken over.</param>
    /// <param name="firstRow">The noise's row of the first input.</param>
    /// <param name="lines">The most lines drawn at a time.</param>
    public static FusedPosterior Create(PosteriorOptions options, HeadTensors heads, HeadTensors gradients, int firstRow, int lines) => options.Family switch
    {
        PosteriorFamily.Gaussian => new FusedLocationScale<NormalVariate, GaussianDivergence>(options, heads, gradients, firstRow, lines),
        PosteriorFamily.Laplacian => new FusedLocationScale<LaplaceVariate, LaplaceDivergence>(options, heads, gradients, firstRow, lines),
        _ => new FusedSpikeAndSlab(options, heads, gradients, firstRow, lines),
    };

    /// <summary>Whether a posterior has a fused form: all but relaxed spikes and those averaged over draws.</summary>
    /// <param name="options">The posterior.</param>
    public static bool Supports(PosteriorOptions options) =>
        options.Estimator is GradientEstimator.StraightThrough or GradientEstimator.Subgradient;

    /// <summary>Whether codes have exact zeros, so that a sample is best scored by <see cref="SparseCodes"/>.</summary>
    /// <param name="options">The posterior.</param>
    public static bool HasSparseCodes(PosteriorOptions options) => options.Threshold != ThresholdKind.None || options.Family == PosteriorFamily.SpikeAndSlab;

    /// <summary>Begins a step: called when the heads' outputs are there.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    public abstract void Prepare(NoiseKey key, AnnealedWeights anneal);

    /// <summary>The active features of a sample; the noise of line 0 is lost.</summary>
    /// <param name="row">The input.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="code">Receives them.</param>
    public abstract void SparseCodes(int row, int sample, SparseCode code);

    /// <summary>The code of a sample; its noise is kept until the line is drawn again.</summary>
    /// <param name="row">The input.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="line">The line that takes it.</param>
    /// <param name="codes">Receives z, [d].</param>
    public abstract void Draw(int row, int sample, int line, Span<float> codes);

    /// <summary>Writes the gradients of an input's heads.</summary>
    /// <param name="row">The input.</param>
    /// <param name="firstLine">The first of its lines.</param>
    /// <param name="codeGradients">dL/dz of its lines, [J, d].</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <returns>The input's KL.</returns>
    public abstract float Pullback(int row, int firstLine, ReadOnlySpan<float> codeGradients, float klWeight);

    public virtual void Dispose()
    {
        foreach (var tensors in new[] { Heads, gradients })
            tensors.Map(tensor =>
            {
                tensor.Dispose();
                return tensor;
            });
    }

    /// <summary>The heads' outputs, [inputs, d] each.</summary>
    protected HeadTensors Heads => heads;

    /// <summary>The row of an input's noise.</summary>
    /// <param name="row">The input.</param>
    protected int NoiseRow(int row) => firstRow + row;
}

/// <summary>The fused form of <see cref="ThresholdedPosterior"/>.</summary>
/// <typeparam name="TVariate">The base distribution.</typeparam>
/// <typeparam name="TDivergence">Its KL.</typeparam>
internal sealed class FusedLocationScale<TVariate, TDivergence> : FusedPosterior where TVariate : IVariate where TDivergence : IDivergence
{
    private readonly PosteriorOptions options;
    private readonly EstimatorRule rule;
    private readonly bool squaredScale;
    private readonly FusedGammaThreshold? learned;
    private readonly float[] threshold;
    private readonly float[] noise;
    private readonly Tensor scaleBuffer;
    private readonly TensorRows shift, logScale, scale, shiftGradient, scaleGradient;
    private NoiseKey key;

    public FusedLocationScale(PosteriorOptions options, HeadTensors heads, HeadTensors gradients, int firstRow, int lines) : base(heads, gradients, firstRow)
    {
        this.options = options;
        bool subgradient = options.Estimator == GradientEstimator.Subgradient, gaussian = options.Family == PosteriorFamily.Gaussian;
        squaredScale = subgradient && !gaussian && options.SubgradientScale == SubgradientScale.SquaredScale;
        rule = new(subgradient, !subgradient && options.ShiftGradient == ShiftGradient.OnePlusActive, gaussian ? 0.5f : squaredScale ? 2 : 1);
        scaleBuffer = zeros_like(heads.Scale).DetachFromDisposeScope();
        (shift, logScale, scale) = (heads.Shift.Rows(), heads.Scale.Rows(), scaleBuffer.Rows());
        (shiftGradient, scaleGradient) = (gradients.Shift.Rows(), gradients.Scale.Rows());
        noise = new float[lines * shift.Length];
        learned = options.Threshold == ThresholdKind.Gamma ? new(options, heads, gradients, lines) : null;
        threshold = new float[options.Threshold == ThresholdKind.Fixed ? shift.Length : 0];
        Array.Fill(threshold, (float)options.ThresholdValue);
    }

    // The tensor library's own exponential, so that both paths have the same scales to the last bit, and the same features active.
    public override void Prepare(NoiseKey key, AnnealedWeights anneal)
    {
        this.key = key;
        learned?.Prepare(key);
        scaleBuffer.copy_(Heads.Scale);
        if (options.Family == PosteriorFamily.Gaussian) scaleBuffer.mul_(0.5).exp_();
        else if (squaredScale) scaleBuffer.mul_(2).exp_();
        else scaleBuffer.exp_().mul_(anneal.NoiseScale);
    }

    public override void SparseCodes(int row, int sample, SparseCode code)
    {
        DrawNoise(row, sample, line: 0);
        LocationScaleKernel.SparseCodes(shift[row], scale[row], Threshold(0, 1), Noise(0, 1), code);
    }

    public override void Draw(int row, int sample, int line, Span<float> codes)
    {
        DrawNoise(row, sample, line);
        LocationScaleKernel.Codes(shift[row], scale[row], Threshold(line, 1), Noise(line, 1), codes);
    }

    public override float Pullback(int row, int firstLine, ReadOnlySpan<float> codeGradients, float klWeight)
    {
        int lines = codeGradients.Length / shift.Length;
        float divergence = LocationScaleKernel.Pullback<TDivergence>(
            rule, shift[row], logScale[row], scale[row], Threshold(firstLine, lines), Noise(firstLine, lines), codeGradients,
            (float)options.PriorSpread, klWeight, shiftGradient[row], scaleGradient[row]);
        return divergence + (learned?.Pullback(row, firstLine, scale[row], Noise(firstLine, lines), codeGradients, klWeight) ?? 0);
    }

    public override void Dispose()
    {
        base.Dispose();
        learned?.Dispose();
        scaleBuffer.Dispose();
    }

    private void DrawNoise(int row, int sample, int line)
    {
        CounterNoise.FillLine<TVariate, float>(key, NoiseSource.BaseStream, (uint)NoiseRow(row), sample, Noise(line, 1));
        learned?.Draw(row, NoiseRow(row), sample, line);
    }

    private ReadOnlySpan<float> Threshold(int firstLine, int lines) => learned is null ? threshold : learned.Of(firstLine, lines);

    private Span<float> Noise(int firstLine, int lines) => noise.AsSpan(firstLine * shift.Length, lines * shift.Length);
}

/// <summary>The fused form of <see cref="SpikeAndSlabPosterior"/> with a rounded spike.</summary>
internal sealed class FusedSpikeAndSlab : FusedPosterior
{
    private readonly PosteriorOptions options;
    private readonly float[] normal, uniform;
    private readonly Tensor shiftBuffer, scaleBuffer, offBuffer;
    private readonly TensorRows shift, logScale, spike, shiftPart, scalePart, off, shiftGradient, scaleGradient, spikeGradient;
    private NoiseKey key;
    private SlabAnneal anneal;

    public FusedSpikeAndSlab(PosteriorOptions options, HeadTensors heads, HeadTensors gradients, int firstRow, int lines) : base(heads, gradients, firstRow)
    {
        this.options = options;
        shiftBuffer = zeros_like(heads.Shift).DetachFromDisposeScope();
        scaleBuffer = zeros_like(heads.Shift).DetachFromDisposeScope();
        offBuffer = zeros_like(heads.Shift).DetachFromDisposeScope();
        (shift, logScale, spike) = (heads.Shift.Rows(), heads.Scale.Rows(), heads.Spike!.Rows());
        (shiftPart, scalePart, off) = (shiftBuffer.Rows(), scaleBuffer.Rows(), offBuffer.Rows());
        (shiftGradient, scaleGradient, spikeGradient) = (gradients.Shift.Rows(), gradients.Scale.Rows(), gradients.Spike!.Rows());
        normal = new float[lines * shift.Length];
        uniform = new float[lines * shift.Length];
    }

    public override void Prepare(NoiseKey key, AnnealedWeights anneal)
    {
        this.key = key;
        this.anneal = new((float)anneal.NoiseScale, (float)Math.Sqrt(1 - anneal.NoiseScale), (float)anneal.Temperature);
        shiftBuffer.copy_(Heads.Shift).mul_(anneal.NoiseScale);
        scaleBuffer.copy_(Heads.Scale).mul_(0.5).exp_().mul_(anneal.NoiseScale);
        offBuffer.copy_(Heads.Spike!).neg_();
        if (options.SpikeLogit == SpikeLogit.LogProbability) offBuffer.relu_();
        offBuffer.sigmoid_();
    }

    public override void SparseCodes(int row, int sample, SparseCode code)
    {
        DrawNoise(row, sample, line: 0);
        SpikeAndSlabKernel.SparseCodes(Row(row), anneal, Of(normal, 0, 1), Of(uniform, 0, 1), code);
    }

    public override void Draw(int row, int sample, int line, Span<float> codes)
    {
        DrawNoise(row, sample, line);
        SpikeAndSlabKernel.Codes(Row(row), anneal, Of(normal, line, 1), Of(uniform, line, 1), codes);
    }

    public override float Pullback(int row, int firstLine, ReadOnlySpan<float> codeGradients, float klWeight)
    {
        int lines = codeGradients.Length / shift.Length;
        var prior = new SpikePrior((float)options.PriorSpread, (float)options.SpikePrior, options.SpikeLogit == SpikeLogit.LogProbability);
        return SpikeAndSlabKernel.Pullback(Row(row), anneal, prior, shift[row], logScale[row], spike[row], Of(normal, firstLine, lines), Of(uniform, firstLine, lines),
            codeGradients, klWeight, shiftGradient[row], scaleGradient[row], spikeGradient[row]);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var buffer in new[] { shiftBuffer, scaleBuffer, offBuffer }) buffer.Dispose();
    }

    private void DrawNoise(int row, int sample, int line)
    {
        CounterNoise.FillLine<NormalVariate, float>(key, NoiseSource.BaseStream, (uint)NoiseRow(row), sample, Of(normal, line, 1));
        CounterNoise.FillLine<UniformVariate, float>(key, NoiseSource.SpikeStream, (uint)NoiseRow(row), sample, Of(uniform, line, 1));
    }

    private SpikeAndSlabRow Row(int row) => new() { Shift = shiftPart[row], Scale = scalePart[row], Off = off[row] };

    private Span<float> Of(float[] noise, int firstLine, int lines) => noise.AsSpan(firstLine * shift.Length, lines * shift.Length);
}
