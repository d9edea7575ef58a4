using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>Gaussian and Laplacian posteriors, as they are or through the shifted soft-threshold.</summary>
/// <typeparam name="TVariate">The base distribution.</typeparam>
/// <typeparam name="TDivergence">Its KL.</typeparam>
internal sealed class LocationScaleRows<TVariate, TDivergence> : RowPosterior where TVariate : IVariate where TDivergence : IDivergence
{
    private readonly PosteriorOptions options;
    private readonly EstimatorRule rule;
    private readonly bool gaussian, squaredScale;
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
        gaussian = options.Family == PosteriorFamily.Gaussian;
        squaredScale = subgradient && !gaussian && options.SubgradientScale == SubgradientScale.SquaredScale;
        rule = new(subgradient, !subgradient && options.ShiftGradient == ShiftGradient.OnePlusActive, gaussian ? 0.5f : squaredScale ? 2 : 1);
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

    // The scale of a Gaussian is not warmed up, and neither is that of the published subgradient.
    public override void Prepare(int slot, uint noiseRow, in HeadRows heads)
    {
        noiseRows[slot] = noiseRow;
        RowKernels.Exp(heads.Scale, gaussian ? 0.5f : squaredScale ? 2 : 1, gaussian || squaredScale ? 1 : noiseScale, Scale(slot));
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
        float divergence = LocationScaleKernel.Pullback<TDivergence>(rule, heads, lines, new((float)options.PriorSpread, klWeight), gradients);
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
            probabilities[i] = (float)(learned is null ? Tail(logScale) : Tail(logScale, GammaThresholdRows.Positive(heads.LogShape[i]), GammaThresholdRows.Positive(heads.LogRate[i])));
        }
    }

    public override void Divergences(in HeadRows heads, Span<float> divergences)
    {
        LocationScaleKernel.Divergences<TDivergence>(heads, (float)options.PriorSpread, divergences);
        learned?.AddDivergences(heads, divergences);
    }

    /// <summary>P(|s - mu| > l0).</summary>
    private double Tail(double logScale) => gaussian
        ? SpecialFunctions.Erfc(Math.Exp(-0.5 * logScale) * options.ThresholdValue / Math.Sqrt(2))
        : Math.Exp(-options.ThresholdValue * Math.Exp(-logScale));

    /// <summary>P(|s - mu| > l) under l ~ Gamma(shape, rate).</summary>
    private double Tail(double logScale, double shape, double rate) => gaussian
        ? GammaTail.MeanErfc(shape, shape / rate * Math.Exp(-0.5 * logScale) / Math.Sqrt(2))
        : Math.Exp(-shape * SpecialFunctions.LogP1(Math.Exp(-logScale) / rate));

    private void DrawNoise(int slot, int draw, int line)
    {
        CounterNoise.FillLine<TVariate, float>(key, NoiseStreams.Base, noiseRows[slot], draw, Noise(line, 1));
        learned?.Draw(slot, noiseRows[slot], draw, line);
    }

    private ReadOnlySpan<float> Threshold(int firstLine, int lines) => learned is null ? threshold : learned.Of(firstLine, lines);

    private Span<float> Noise(int firstLine, int lines) => noise.AsSpan(firstLine * features, lines * features);

    private Span<float> Scale(int slot) => scales.AsSpan(slot * features, features);
}
