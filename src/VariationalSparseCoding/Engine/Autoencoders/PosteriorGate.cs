using System.Buffers;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// The paper's thresholded posterior with its threshold around zero (docs/mathematics.md section 14): a draw is s = h + w sigma e with noise e of the base distribution, and a feature is active
/// where s exceeds lambda, and then z = s. The gradient of a feature's being active is that of its probability P = F((h - lambda)/sigma), times a weight. Without noise, w = 0, s is h.
/// </summary>
/// <typeparam name="TBase">The base distribution.</typeparam>
/// <param name="parameters">What is learned.</param>
/// <param name="experiment">A valid experiment.</param>
/// <param name="active">k.</param>
internal abstract class PosteriorGate<TBase>(AutoencoderParameters parameters, Experiment experiment, int active) : Gate(parameters, active) where TBase : struct, IBaseDistribution
{

    /// <inheritdoc/>
    public sealed override bool IsNoisy => NoiseShare > 0;

    /// <inheritdoc/>
    public sealed override int Draws => IsNoisy ? draws : 1;

    private readonly bool isProbability = experiment.Posterior.Estimator == GradientEstimator.Probability;
    private readonly int draws = experiment.Sampling.Draws;
    private readonly ulong seed = experiment.Seed;
    private NoiseKey key;

    /// <summary>The gate's settings.</summary>
    protected SparsityOptions Settings { get; } = experiment.Sparsity;

    /// <summary>Whether values below 0 count by their size.</summary>
    protected bool IsTwoSided => Settings.TwoSided;

    /// <summary>The noise's scale as a share of the posterior's, w.</summary>
    protected float NoiseShare { get; private set; }

    /// <summary>How far below its threshold a value may be active by noise, or have a part in the gate's gradient, as a share of the threshold.</summary>
    protected float Margin => Math.Max(1, NoiseShare) * TBase.Reach * (float)Settings.GateWidth;

    /// <inheritdoc/>
    public sealed override void Begin(long step, double progress)
    {
        key = new(seed, NoisePurpose.Training, (uint)step);
        NoiseShare = (float)(Settings.GateNoise * Math.Max(0, 1 - progress / Settings.GateNoiseEnd));
    }

    /// <summary>Begins with thresholds that k features of a sample exceed.</summary>
    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs)
    {
        Parameters.Threshold!.All.Fill(Quantile(inputs, IsTwoSided));
        return false;
    }

    /// <summary>Noise beyond the base distribution's reach is taken back to there, so that nobody is active who was not collected.</summary>
    /// <inheritdoc/>
    public override void Draw(SparseEntries entries, int row, int draw, Span<float> noise)
    {
        TBase.Fill(key, (uint)row, draw, noise);
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++)
        {
            int feature = entries.Features[i];
            entries.Drawn[i] = entries.Inputs[i] + NoiseShare * Scale(row, feature) * Math.Clamp(noise[feature], -TBase.Reach, TBase.Reach);
        }
    }

    /// <summary>P(active) of every feature: of exceeding its threshold on its side of zero, or on either.</summary>
    /// <inheritdoc/>
    public sealed override void Probabilities(ReadOnlySpan<float> inputs, EntryList entries, Span<float> probabilities)
    {
        float? common = CommonThreshold(inputs, entries);
        for (int feature = 0; feature < inputs.Length; feature++)
        {
            double threshold = common ?? Parameters.Threshold!.All[feature], scale = Math.Max(Settings.GateWidth * threshold, float.Epsilon);
            double above = TBase.Upper((threshold - inputs[feature]) / scale), below = IsTwoSided ? TBase.Upper((threshold + inputs[feature]) / scale) : 0;
            probabilities[feature] = (float)Math.Min(1, above + below);
        }
    }

    /// <summary>The posterior's scale, sigma or b: a share of the threshold that a code on its own is compared with. Gradients take it as given.</summary>
    /// <param name="row">The row.</param>
    /// <param name="feature">The feature.</param>
    protected virtual float Scale(int row, int feature) => (float)Settings.GateWidth * Parameters.Threshold!.All[feature];

    /// <summary>The threshold that all features of a sample share, if it depends on the sample.</summary>
    /// <param name="inputs">h, [d].</param>
    /// <param name="entries">Room for the active ones.</param>
    protected virtual float? CommonThreshold(ReadOnlySpan<float> inputs, EntryList entries) => null;

    /// <summary>s of every entry.</summary>
    /// <param name="entries">The entries.</param>
    protected Span<float> Values(SparseEntries entries) => IsNoisy ? entries.Drawn : entries.Inputs;

    /// <summary>The code of an active feature: s.</summary>
    /// <param name="value">s.</param>
    /// <param name="threshold">lambda.</param>
    protected virtual float CodeOf(float value, float threshold) => value;

    /// <summary>
    /// Turns dL/dz of an entry into the part of dL/dh that goes through its code, and keeps how fast P(active) grows with |h|, in <see cref="SparseEntries.FirstOwn"/>, and the weighted
    /// dL/d(active), in <see cref="SparseEntries.SecondOwn"/>.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="row">The row.</param>
    /// <param name="i">One of its entries.</param>
    /// <param name="threshold">lambda.</param>
    protected void Divide(SparseEntries entries, int row, int i, float threshold)
    {
        float byCode = entries.Gradients[i], input = entries.Inputs[i], scale = Scale(row, entries.Features[i]), deviation = (Math.Abs(input) - threshold) / scale;
        bool throughGate = isProbability && scale > 0 && Math.Abs(deviation) < TBase.Reach;
        entries.FirstOwn[i] = throughGate ? TBase.Density(deviation) / scale : 0;
        entries.SecondOwn[i] = (float)Settings.GateWeight * byCode * CodeOf(input, threshold);
        if (isProbability && entries.Codes[i] == 0) entries.Gradients[i] = 0;
    }

    /// <summary>Adds the part of dL/dh that goes through the gate, where lambda moves with the values so that the sum of P(active) stays.</summary>
    /// <param name="entries">The entries, after <see cref="Divide"/>.</param>
    /// <param name="first">The first of those that share a threshold.</param>
    /// <param name="end">The one behind the last.</param>
    protected static void AddGatesOf(SparseEntries entries, int first, int end)
    {
        Span<float> growth = entries.FirstOwn[first..end], byGate = entries.SecondOwn[first..end], gradients = entries.Gradients[first..end], inputs = entries.Inputs[first..end];
        double sum = 0, weighted = 0;
        for (int i = 0; i < growth.Length; i++)
        {
            sum += growth[i];
            weighted += (double)growth[i] * byGate[i];
        }
        float mean = sum > 0 ? (float)(weighted / sum) : 0;
        for (int i = 0; i < growth.Length; i++) gradients[i] += MathF.CopySign(growth[i], inputs[i]) * (byGate[i] - mean);
    }
}

/// <summary>One threshold for a batch: the k B-th largest of its draws, so that k features are active on average. A code on its own compares with the running mean of these thresholds.</summary>
/// <inheritdoc cref="PosteriorGate{TBase}"/>
internal sealed class BatchPosteriorGate<TBase>(AutoencoderParameters parameters, Experiment experiment, int active) : PosteriorGate<TBase>(parameters, experiment, active) where TBase : struct, IBaseDistribution
{
    // The next batch's values are collected from a little below what the last one needed.
    private const float Lowered = 0.95f;

    private float floor, least;

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries)
    {
        if (IsTwoSided) entries.AddBeyond(inputs, floor);
        else entries.AddAbove(inputs, floor);
    }

    /// <inheritdoc/>
    public override bool Restrict(SparseEntries entries, in BatchFacts facts)
    {
        int wanted = (int)Math.Min(int.MaxValue, (long)Active * facts.Rows);
        ulong key = entries.LeastKey(Values(entries), wanted);
        least = Largest.SizeOf(key);
        float needed = key == 0 ? 0 : Math.Max(0, least - Margin * Parameters.Threshold!.All[0]);
        bool suffices = needed >= floor;
        floor = suffices ? Lowered * needed : 0;
        // Where the floor happened to be decides nothing: a run that is resumed begins with none.
        if (suffices) entries.KeepBeyond(needed);
        return suffices;
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int row)
    {
        var values = Values(entries);
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++) entries.Codes[i] = Math.Abs(values[i]) >= least ? values[i] : 0;
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++) Divide(entries, row, i, least);
    }

    /// <inheritdoc/>
    public override void PullbackOfBatch(SparseEntries entries) => AddGatesOf(entries, 0, entries.Count);

    /// <inheritdoc/>
    public override void End(long step) => FollowThreshold(step, least);

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1, IsTwoSided);
}

/// <summary>A threshold for each sample, between its k-th and its next largest draw, so that exactly k features are active.</summary>
/// <inheritdoc cref="PosteriorGate{TBase}"/>
internal sealed class SamplePosteriorGate<TBase>(AutoencoderParameters parameters, Experiment experiment, int active) : PosteriorGate<TBase>(parameters, experiment, active) where TBase : struct, IBaseDistribution
{
    // So many times k of a sample's largest values may become active by noise, or have a part in the gate's gradient.
    private const int Candidates = 4;

    // Of each row: the threshold of the draw in use, and that of h.
    private readonly float[] thresholds = new float[experiment.Schedule.BatchSize], meanThresholds = new float[experiment.Schedule.BatchSize];

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddLargest(inputs, Candidates * Active, IsTwoSided);

    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs) => false;

    /// <inheritdoc/>
    public override void Draw(SparseEntries entries, int row, int draw, Span<float> noise)
    {
        if (draw == 0) meanThresholds[row] = ThresholdOf(entries.Inputs[entries.Start(row)..entries.Start(row + 1)]).Threshold;
        base.Draw(entries, row, draw, noise);
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int row)
    {
        int first = entries.Start(row), end = entries.Start(row + 1);
        var values = Values(entries)[first..end];
        (thresholds[row], ulong least) = ThresholdOf(values);
        if (!IsNoisy) meanThresholds[row] = thresholds[row];
        for (int i = 0; i < values.Length; i++) entries.Codes[first + i] = Largest.Key(Math.Abs(values[i]), i) >= least ? values[i] : 0;
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++) Divide(entries, row, i, thresholds[row]);
        AddGatesOf(entries, entries.Start(row), entries.Start(row + 1));
    }

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddLargest(inputs, Active, IsTwoSided);

    /// <inheritdoc/>
    protected override float Scale(int row, int feature) => (float)Settings.GateWidth * meanThresholds[row];

    /// <inheritdoc/>
    protected override float? CommonThreshold(ReadOnlySpan<float> inputs, EntryList entries)
    {
        entries.Clear();
        entries.AddLargest(inputs, Active + 1, IsTwoSided);
        return ThresholdOf(entries.Values).Threshold;
    }

    /// <summary>The middle between the k-th and the next largest size, 0 if there is none, and the k-th one's key.</summary>
    private (float Threshold, ulong Least) ThresholdOf(ReadOnlySpan<float> values)
    {
        if (values.Length <= Active) return (0, 0);
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(values.Length);
        for (int i = 0; i < values.Length; i++) keys[i] = Largest.Key(Math.Abs(values[i]), i);
        ulong least = Largest.Select(keys.AsSpan(0, values.Length), Active), next = 0;
        foreach (ulong key in keys.AsSpan(Active, values.Length - Active)) next = Math.Max(next, key);
        ArrayPool<ulong>.Shared.Return(keys);
        return ((Largest.SizeOf(least) + Largest.SizeOf(next)) / 2, least);
    }
}

/// <summary>
/// A threshold for each feature, given or learned. Learned ones are held at k active features in the mean of a batch by the price w (l0/k - 1)^2 of the expected number l0, the sum of P(active),
/// and its integral over steps.
/// </summary>
/// <inheritdoc cref="PosteriorGate{TBase}"/>
internal sealed class FeaturePosteriorGate<TBase>(AutoencoderParameters parameters, Experiment experiment, int active) : PosteriorGate<TBase>(parameters, experiment, active) where TBase : struct, IBaseDistribution
{
    private readonly bool isLearned = experiment.Posterior.Threshold == ThresholdKind.Learned;
    private readonly float given = (float)experiment.Posterior.ThresholdValue;
    private readonly ActivityTarget target = new(active);

    /// <inheritdoc/>
    public override IReadOnlyList<FloatMatrix> Learned { get; } = experiment.Posterior.Threshold == ThresholdKind.Learned ? [parameters.Threshold!] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, FloatMatrix Value)> State => isLearned ? [target.State] : [];

    /// <inheritdoc/>
    public override float Revival => isLearned ? -1 : 0;

    /// <inheritdoc/>
    public override bool Initialise(FloatMatrix inputs)
    {
        if (isLearned) return base.Initialise(inputs);
        Parameters.Threshold!.All.Fill(given);
        return false;
    }

    /// <inheritdoc/>
    public override void Collect(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1 - Margin, IsTwoSided);

    /// <inheritdoc/>
    public override bool Restrict(SparseEntries entries, in BatchFacts facts)
    {
        if (!isLearned) return true;
        double expected = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            int feature = entries.Features[i];
            expected += TBase.Upper((Parameters.Threshold!.All[feature] - Math.Abs(entries.Inputs[i])) / Math.Max(Scale(0, feature), float.Epsilon));
        }
        target.Observe(expected / facts.Rows, facts);
        return true;
    }

    /// <inheritdoc/>
    public override void Activate(SparseEntries entries, int row)
    {
        var values = Values(entries);
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++)
        {
            float threshold = Parameters.Threshold!.All[entries.Features[i]];
            entries.Codes[i] = Math.Abs(values[i]) > threshold ? CodeOf(values[i], threshold) : 0;
        }
    }

    /// <inheritdoc/>
    public override void Pullback(SparseEntries entries, int row)
    {
        for (int i = entries.Start(row); i < entries.Start(row + 1); i++)
        {
            Divide(entries, row, i, Parameters.Threshold!.All[entries.Features[i]]);
            float growth = entries.FirstOwn[i], byGate = growth * (entries.SecondOwn[i] + (isLearned ? target.Price : 0));
            entries.Gradients[i] += MathF.CopySign(1, entries.Inputs[i]) * byGate;
            entries.FirstOwn[i] = -byGate;
        }
    }

    /// <inheritdoc/>
    public override double Penalty(SparseEntries entries) => isLearned ? target.Penalty : 0;

    /// <inheritdoc/>
    public override void End(long step)
    {
        if (isLearned) target.End();
    }

    /// <inheritdoc/>
    protected override void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => entries.AddAbove(inputs, Parameters.Threshold!.All, 1, IsTwoSided);

    /// <inheritdoc/>
    protected override float CodeOf(float value, float threshold) => Settings.SoftValues ? value - MathF.CopySign(threshold, value) : value;

    /// <inheritdoc/>
    protected override float Value(int feature, float input) => CodeOf(input, Parameters.Threshold!.All[feature]);
}
