using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Posteriors;

/// <summary>The annealed numbers of a spike-and-slab step.</summary>
/// <param name="NoiseScale">w.</param>
/// <param name="Rest">sqrt(1 - w).</param>
/// <param name="Temperature">tau.</param>
internal readonly record struct SlabAnneal(float NoiseScale, float Rest, float Temperature);

/// <summary>The prior of a spike and its slab, and what the spike's head means.</summary>
/// <param name="Spread">The slab's variance s0^2.</param>
/// <param name="Probability">gamma0, the probability of a spike that is on.</param>
/// <param name="HeadIsLogProbability">Whether gamma = exp(-relu(-head)) and this is the logit's exponential too, as published; else gamma = sigmoid(head).</param>
internal readonly record struct SpikePrior(float Spread, float Probability, bool HeadIsLogProbability);

/// <summary>One input's posterior, [d] each.</summary>
internal readonly ref struct SpikeAndSlabRow
{
    /// <summary>w mu.</summary>
    public required ReadOnlySpan<float> Shift { get; init; }

    /// <summary>w sigma.</summary>
    public required ReadOnlySpan<float> Scale { get; init; }

    /// <summary>The probability of a spike that is off, sigmoid(-logit): a spike is on where its uniform variate is above.</summary>
    public required ReadOnlySpan<float> Off { get; init; }
}

/// <summary>The draws of one input, the gradients of their codes, and the KL's weight.</summary>
internal readonly ref struct SlabLines
{
    /// <summary>Standard normal noise e, [J, d].</summary>
    public required ReadOnlySpan<float> Normal { get; init; }

    /// <summary>Uniform noise eta, [J, d].</summary>
    public required ReadOnlySpan<float> Uniform { get; init; }

    /// <summary>dL/dz, [J, d].</summary>
    public required ReadOnlySpan<float> CodeGradients { get; init; }

    /// <summary>dL/dKL.</summary>
    public required float KlWeight { get; init; }
}

/// <summary>Codes of spike-and-slab draws with a rounded concrete spike: z = [eta > P(off)] (w mu + e (w sigma + sqrt(1 - w))) (docs/mathematics.md section 3.5).</summary>
internal static class SpikeAndSlabKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slab(SpikeAndSlabRow row, Vector512<float> normal, float rest, int i) =>
        Lanes.Load(row.Shift, i) + normal * (Lanes.Load(row.Scale, i) + Vector512.Create(rest));

    /// <summary>The code of one draw from its noise.</summary>
    /// <param name="row">The input's posterior.</param>
    /// <param name="anneal">The annealed numbers.</param>
    /// <param name="normal">Standard normal noise e, [d].</param>
    /// <param name="uniform">Uniform noise eta, [d].</param>
    /// <param name="codes">Receives z, [d].</param>
    public static void Codes(SpikeAndSlabRow row, SlabAnneal anneal, ReadOnlySpan<float> normal, ReadOnlySpan<float> uniform, Span<float> codes)
    {
        for (int i = 0; i < codes.Length; i += Lanes.Count)
        {
            Vector512<float> on = Vector512.GreaterThan(Lanes.Load(uniform, i), Lanes.Load(row.Off, i));
            Lanes.Store(on & Slab(row, Lanes.Load(normal, i), anneal.Rest, i), codes, i);
        }
    }

    /// <summary>The active features of one draw: where <see cref="Codes"/> is not 0.</summary>
    /// <param name="row">The input's posterior.</param>
    /// <param name="anneal">The annealed numbers.</param>
    /// <param name="normal">Standard normal noise e, [d].</param>
    /// <param name="uniform">Uniform noise eta, [d].</param>
    /// <param name="code">Receives them.</param>
    public static void SparseCodes(SpikeAndSlabRow row, SlabAnneal anneal, ReadOnlySpan<float> normal, ReadOnlySpan<float> uniform, SparseCode code)
    {
        code.Clear();
        // Missing lanes have a uniform variate of 0 and are off.
        for (int i = 0; i < normal.Length; i += Lanes.Count)
        {
            Vector512<float> on = Vector512.GreaterThan(Lanes.Load(uniform, i), Lanes.Load(row.Off, i));
            code.Add(Slab(row, Lanes.Load(normal, i), anneal.Rest, i), on, i);
        }
    }

    /// <summary>The probability of a spike that is off, sigmoid(-logit).</summary>
    /// <param name="heads">The spikes' heads, [d].</param>
    /// <param name="headIsLogProbability">Whether the logit is -relu(-head), as published; else it is the head.</param>
    /// <param name="off">Receives the probabilities, [d].</param>
    public static void OffProbabilities(ReadOnlySpan<float> heads, bool headIsLogProbability, Span<float> off)
    {
        Vector512<float> one = Vector512<float>.One;
        for (int i = 0; i < off.Length; i += Lanes.Count)
        {
            Vector512<float> logit = Lanes.Load(heads, i);
            if (headIsLogProbability) logit = Vector512.Min(logit, Vector512<float>.Zero);
            Lanes.Store(one / (one + Vector512.Exp(logit)), off, i);
        }
    }

    /// <summary>The KL of each feature to the fixed prior.</summary>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="divergences">Receives the KL, [d].</param>
    public static void Divergences(in HeadRows heads, SpikePrior prior, Span<float> divergences)
    {
        for (int i = 0; i < divergences.Length; i += Lanes.Count)
        {
            Vector512<float> head = Lanes.Load(heads.Spike, i);
            if (prior.HeadIsLogProbability) head = Vector512.MinNative(head, Vector512<float>.Zero);
            Lanes.Store(Divergence(Lanes.Load(heads.Shift, i), Lanes.Load(heads.Scale, i), head, prior).Value, divergences, i);
        }
    }

    /// <summary>From dL/dz of the draws of one input to the gradients of its heads, the KL's part included.</summary>
    /// <param name="row">The input's posterior.</param>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="anneal">The annealed numbers.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="lines">The draws.</param>
    /// <param name="gradients">Receives the gradients of shift, scale and spike, [d] each.</param>
    /// <returns>The KL, summed over features.</returns>
    public static float Pullback(in SpikeAndSlabRow row, in HeadRows heads, SlabAnneal anneal, SpikePrior prior, in SlabLines lines, in HeadGradientRows gradients)
    {
        ReadOnlySpan<float> shift = heads.Shift, logScale = heads.Scale, spike = heads.Spike, normal = lines.Normal, uniform = lines.Uniform, codeGradients = lines.CodeGradients;
        int features = shift.Length;
        float divergence = 0;
        Vector512<float> weight = Vector512.Create(lines.KlWeight);
        for (int i = 0; i < features; i += Lanes.Count)
        {
            Vector512<float> head = Lanes.Load(spike, i), slope = Vector512<float>.One;
            if (prior.HeadIsLogProbability)
            {
                slope &= Vector512.LessThan(head, Vector512<float>.Zero);
                head = Vector512.MinNative(head, Vector512<float>.Zero);
            }
            var (value, byShift, byScale, bySpike) = Divergence(Lanes.Load(shift, i), Lanes.Load(logScale, i), head, prior);
            divergence += Lanes.Sum(value, features - i);
            Vector512<float> off = Lanes.Load(row.Off, i), toShift = Vector512<float>.Zero, toScale = Vector512<float>.Zero, toSpike = Vector512<float>.Zero;
            for (int line = 0; line < normal.Length; line += features)
            {
                Vector512<float> gradient = Lanes.Load(codeGradients.Slice(line, features), i);
                Vector512<float> e = Lanes.Load(normal.Slice(line, features), i), eta = Lanes.Load(uniform.Slice(line, features), i);
                Vector512<float> toSlab = gradient & Vector512.GreaterThan(eta, off);
                toShift += toSlab;
                toScale += toSlab * e;
                toSpike += gradient * Slab(row, e, anneal.Rest, i) * ConcreteDerivative(eta, head, anneal.Temperature);
            }
            Lanes.Store(toShift * Vector512.Create(anneal.NoiseScale) + weight * byShift, gradients.Shift, i);
            Lanes.Store(toScale * Lanes.Load(row.Scale, i) * Vector512.Create(0.5f) + weight * byScale, gradients.Scale, i);
            Lanes.Store((toSpike + weight * bySpike) * slope, gradients.Spike, i);
        }
        return divergence;
    }

    /// <summary>gamma KL(slab) + (1 - gamma) log((1 - gamma)/(1 - gamma0)) + gamma log(gamma/gamma0), gamma kept off 0 and 1 by 1e-6, and its derivatives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale, Vector512<float> BySpike) Divergence(
        Vector512<float> shift, Vector512<float> logScale, Vector512<float> head, SpikePrior prior)
    {
        Vector512<float> one = Vector512<float>.One, least = Vector512.Create(1e-6f), most = Vector512.Create(1 - 1e-6f);
        Vector512<float> raised = Vector512.Exp(prior.HeadIsLogProbability ? head : -head), probability = prior.HeadIsLogProbability ? raised : one / (one + raised);
        Vector512<float> byHead = prior.HeadIsLogProbability ? probability : probability * (one - probability);
        byHead &= Vector512.GreaterThanOrEqual(probability, least) & Vector512.LessThanOrEqual(probability, most);
        Vector512<float> active = Vector512.MinNative(Vector512.MaxNative(probability, least), most), inactive = one - active;
        Vector512<float> onRatio = Vector512.Log(active / Vector512.Create(prior.Probability)), offRatio = Vector512.Log(inactive / Vector512.Create(1 - prior.Probability));
        var (slab, byShift, byScale) = GaussianBase.At(shift, logScale, prior.Spread);
        return (active * slab + inactive * offRatio + active * onRatio, active * byShift, active * byScale, (slab + onRatio - offRatio) * byHead);
    }

    /// <summary>dc/dlogit = c (1 - c)/tau of the concrete variable c = sigmoid((logit(eta) + logit)/tau) behind a spike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ConcreteDerivative(Vector512<float> uniform, Vector512<float> logit, float temperature)
    {
        // c (1 - c) = q/(1 + q)^2 with q = exp(-|x|), which neither overflows nor cancels.
        Vector512<float> one = Vector512<float>.One, tau = Vector512.Create(temperature), x = (Vector512.Log(uniform / (one - uniform)) + logit) / tau;
        Vector512<float> q = Vector512.Exp(-Vector512.Abs(x));
        return q / ((one + q) * (one + q) * tau);
    }
}
