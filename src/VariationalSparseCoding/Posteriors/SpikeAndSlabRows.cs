using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>A rounded concrete spike times a Gaussian slab.</summary>
internal sealed class SpikeAndSlabRows : RowPosterior
{
    private readonly SpikePrior prior;
    private readonly float[] normal, uniform, shifts, scales, offs;
    private readonly uint[] noiseRows;
    private readonly int features;
    private NoiseKey key;
    private SlabAnneal anneal;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">The posterior.</param>
    /// <param name="features">d.</param>
    /// <param name="slots">How many inputs are prepared at a time.</param>
    /// <param name="lines">How many draws are kept at a time.</param>
    public SpikeAndSlabRows(PosteriorOptions options, int features, int slots, int lines)
    {
        this.features = features;
        prior = new((float)options.PriorSpread, (float)options.SpikePrior, options.SpikeLogit == SpikeLogit.LogProbability);
        (normal, uniform) = (new float[lines * features], new float[lines * features]);
        (shifts, scales, offs, noiseRows) = (new float[slots * features], new float[slots * features], new float[slots * features], new uint[slots]);
    }

    public override void Begin(NoiseKey key, AnnealedWeights anneal)
    {
        this.key = key;
        this.anneal = new((float)anneal.NoiseScale, (float)Math.Sqrt(1 - anneal.NoiseScale), (float)anneal.Temperature);
    }

    public override void Prepare(int slot, uint noiseRow, in HeadRows heads)
    {
        noiseRows[slot] = noiseRow;
        var shift = Of(shifts, slot, 1);
        heads.Shift.CopyTo(shift);
        RowKernels.Scale(shift, anneal.NoiseScale);
        RowKernels.Exp(heads.Scale, 0.5f, anneal.NoiseScale, Of(scales, slot, 1));
        SpikeAndSlabKernel.OffProbabilities(heads.Spike, prior.HeadIsLogProbability, Of(offs, slot, 1));
    }

    public override void SparseDraw(int slot, int draw, in HeadRows heads, SparseCode code)
    {
        DrawNoise(slot, draw, line: 0);
        SpikeAndSlabKernel.SparseCodes(Row(slot), anneal, Of(normal, 0, 1), Of(uniform, 0, 1), code);
    }

    public override void Draw(int slot, int draw, int line, in HeadRows heads, Span<float> code)
    {
        DrawNoise(slot, draw, line);
        SpikeAndSlabKernel.Codes(Row(slot), anneal, Of(normal, line, 1), Of(uniform, line, 1), code);
    }

    public override float Pullback(int slot, int firstLine, in HeadRows heads, ReadOnlySpan<float> codeGradients, float klWeight, in HeadGradientRows gradients)
    {
        int count = codeGradients.Length / features;
        var lines = new SlabLines { Normal = Of(normal, firstLine, count), Uniform = Of(uniform, firstLine, count), CodeGradients = codeGradients, KlWeight = klWeight };
        return SpikeAndSlabKernel.Pullback(Row(slot), heads, anneal, prior, lines, gradients);
    }

    public override void OnProbability(in HeadRows heads, Span<float> probabilities)
    {
        SpikeAndSlabKernel.OffProbabilities(heads.Spike, prior.HeadIsLogProbability, probabilities);
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = 1 - probabilities[i];
    }

    public override void Divergences(in HeadRows heads, Span<float> divergences) => SpikeAndSlabKernel.Divergences(heads, prior, divergences);

    private void DrawNoise(int slot, int draw, int line)
    {
        CounterNoise.FillLine<NormalVariate, float>(key, NoiseStreams.Base, noiseRows[slot], draw, Of(normal, line, 1));
        CounterNoise.FillLine<UniformVariate, float>(key, NoiseStreams.Spike, noiseRows[slot], draw, Of(uniform, line, 1));
    }

    private SpikeAndSlabRow Row(int slot) => new() { Shift = Of(shifts, slot, 1), Scale = Of(scales, slot, 1), Off = Of(offs, slot, 1) };

    private Span<float> Of(float[] numbers, int first, int count) => numbers.AsSpan(first * features, count * features);
}
