using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>Posteriors s = mu + scale e, such as Gaussian and Laplacian ones, as they are or through the shifted soft-threshold.</summary>
/// <typeparam name="TBase">The base distribution; a structure, so that the compiler makes a copy of the loops for each.</typeparam>
internal sealed class LocationScaleRows<TBase> : RowPosterior where TBase : struct, IBaseDistribution
{
    private readonly PosteriorOptions options;
    private readonly EstimatorRule rule;
    private readonly bool squaredScale;
    private readonly GammaThresholdRows? learned;
    private readonly float[] threshold, noise, scales;
    private readonly uint[] noiseRows;
    private readonly int features;
    private NoiseKey key;
    private float noiseScale;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">The posterior.</param>
    /// <param name="features">d.</param>
    /// <param name="slots">How many inputs are prepared at a time.</param>
    /// <param name="lines">How many draws are kept at a time.</param>
    public LocationScaleRows(PosteriorOptions options, int features, int slots, int lines)
    {
        (this.options, this.features) = (options, features);
        bool subgradient = options.Estimator == GradientEstimator.Subgradient;
        squaredScale = subgradient && !TBase.HeadIsLogVariance && options.SubgradientScale == SubgradientScale.SquaredScale;
        rule = new(subgradient, !subgradient && options.ShiftGradient == ShiftGradient.OnePlusActive, TBase.HeadIsLogVariance ? 0.5f : squaredScale ? 2 : 1);
        (noise, scales, noiseRows) = (new float[lines * features], new float[slots * features], new uint[slots]);
        learned = options.Threshold == ThresholdKind.Gamma ? new(options, features, slots, lines) : null;
        threshold = new float[options.Threshold == ThresholdKind.Fixed ? features : 0];
        Array.Fill(threshold, (float)options.ThresholdValue);
    }

    public override void Begin(NoiseKey key, AnnealedWeights anneal)
    {
        (this.key, noiseScale) = (key, (float)anneal.NoiseScale);
        learned?.Begin(key);
    }

    // A scale whose head is a log variance is not warmed up, and neither is that of the published subgradient.
    public override void Prepare(int slot, uint noiseRow, in HeadRows heads)
    {
        noiseRows[slot] = noiseRow;
        RowKernels.Exp(heads.Scale, rule.GrowthByLogScale, TBase.HeadIsLogVariance || squaredScale ? 1 : noiseScale, Scale(slot));
        learned?.Prepare(slot, heads);
    }

    public override void SparseDraw(int slot, int draw, in HeadRows heads, SparseCode code)
    {
        DrawNoise(slot, draw, line: 0);
        LocationScaleKernel.SparseCodes(heads.Shift, Scale(slot), Threshold(0, 1), Noise(0, 1), code);
    }

    public override void Draw(int slot, int draw, int line, in HeadRows heads, Span<float> code)
    {
        DrawNoise(slot, draw, line);
        LocationScaleKernel.Codes(heads.Shift, Scale(slot), Threshold(line, 1), Noise(line, 1), code);
    }

    public override float Pullback(int slot, int firstLine, in HeadRows heads, ReadOnlySpan<float> codeGradients, float klWeight, in HeadGradientRows gradients)
    {
        int count = codeGradients.Length / features;
        var lines = new ThresholdedLines { Scale = Scale(slot), Threshold = Threshold(firstLine, count), Noise = Noise(firstLine, count), CodeGradients = codeGradients };
        float divergence = LocationScaleKernel.Pullback<TBase>(rule, heads, lines, new((float)options.PriorSpread, klWeight), gradients);
        return divergence + (learned?.Pullback(slot, lines, klWeight, gradients) ?? 0);
    }

    public override void OnProbability(in HeadRows heads, Span<float> probabilities)
    {
        if (options.Threshold == ThresholdKind.None)
        {
            probabilities.Fill(1);
            return;
        }
        for (int i = 0; i < probabilities.Length; i++)
        {
            double logScale = heads.Scale[i];
            probabilities[i] = (float)(learned is null ? TBase.Tail(logScale, options.ThresholdValue) : TBase.Tail(logScale, GammaThresholdRows.Positive(heads.LogShape[i]), GammaThresholdRows.Positive(heads.LogRate[i])));
        }
    }

    public override void Divergences(in HeadRows heads, Span<float> divergences)
    {
        LocationScaleKernel.Divergences<TBase>(heads, (float)options.PriorSpread, divergences);
        learned?.AddDivergences(heads, divergences);
    }

    private void DrawNoise(int slot, int draw, int line)
    {
        TBase.Fill(key, noiseRows[slot], draw, Noise(line, 1));
        learned?.Draw(slot, noiseRows[slot], draw, line);
    }

    private ReadOnlySpan<float> Threshold(int firstLine, int lines) => learned is null ? threshold : learned.Of(firstLine, lines);

    private Span<float> Noise(int firstLine, int lines) => noise.AsSpan(firstLine * features, lines * features);

    private Span<float> Scale(int slot) => scales.AsSpan(slot * features, features);
}
