using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

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

/// <summary>Codes of spike-and-slab samples with a rounded concrete spike: z = [eta > P(off)] (w mu + e (w sigma + sqrt(1 - w))) (SPEC section 3.5).</summary>
internal static class SpikeAndSlabKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slab(SpikeAndSlabRow row, Vector512<float> normal, float rest, int i) =>
        Lanes.Load(row.Shift, i) + normal * (Lanes.Load(row.Scale, i) + Vector512.Create(rest));

    /// <summary>The code of one sample from its noise.</summary>
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

    /// <summary>The active features of one sample, its noise drawn on the way.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="normalAddress">Purpose, stream and sample of the slab's noise.</param>
    /// <param name="uniformAddress">Purpose, stream and sample of the spike's noise.</param>
    /// <param name="noiseRow">The noise's row.</param>
    /// <param name="row">The input's posterior.</param>
    /// <param name="anneal">The annealed numbers.</param>
    /// <param name="code">Receives the active features.</param>
    public static void SparseCodes(NoiseKey key, uint normalAddress, uint uniformAddress, int noiseRow, SpikeAndSlabRow row, SlabAnneal anneal, SparseCode code)
    {
        code.Clear();
        int features = row.Off.Length;
        Span<ulong> on = stackalloc ulong[4];
        for (int group = 0, first = 0; first < features; group++, first += 4 * Lanes.Count)
        {
            var (spike0, spike1, spike2, spike3) = Philox.GroupWords((uint)group, uniformAddress, (uint)noiseRow, key.Step, key.Seed);
            ReadOnlySpan<Vector512<uint>> spikes = [spike0, spike1, spike2, spike3];
            ulong any = 0;
            for (int word = 0; word < on.Length; word++) any |= on[word] = On(spikes[word], row.Off, first + word * Lanes.Count);
            if (any == 0) continue;
            var (slab0, slab1, slab2, slab3) = Philox.GroupWords((uint)group, normalAddress, (uint)noiseRow, key.Step, key.Seed);
            ReadOnlySpan<Vector512<uint>> slabs = [slab0, slab1, slab2, slab3];
            for (int word = 0; word < on.Length; word++)
            {
                int i = first + word * Lanes.Count;
                if (on[word] != 0) code.Add(Slab(row, NormalVariate.FromWords(slabs[word]), anneal.Rest, i), on[word], i);
            }
        }
    }

    /// <summary>Which of 16 spikes are on; those past the last feature are off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong On(Vector512<uint> words, ReadOnlySpan<float> off, int i)
    {
        int missing = Lanes.Count - Math.Clamp(off.Length - i, 0, Lanes.Count);
        if (missing == Lanes.Count) return 0;
        return Vector512.GreaterThan(UniformVariate.FromWords(words), Lanes.Load(off, i)).ExtractMostSignificantBits() & (0xFFFFul >> missing);
    }

    /// <summary>From dL/dz of the samples of one input to the gradients of its heads, the KL's part included.</summary>
    /// <param name="row">The input's posterior.</param>
    /// <param name="anneal">The annealed numbers.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="shift">mu, [d].</param>
    /// <param name="logScale">h, [d].</param>
    /// <param name="spike">The spike's head, [d].</param>
    /// <param name="normal">Standard normal noise e, [J, d].</param>
    /// <param name="uniform">Uniform noise eta, [J, d].</param>
    /// <param name="codeGradients">dL/dz, [J, d].</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <param name="shiftGradient">Receives dL/dmu, [d].</param>
    /// <param name="scaleGradient">Receives dL/dh, [d].</param>
    /// <param name="spikeGradient">Receives dL/d(spike's head), [d].</param>
    /// <returns>The KL, summed over features.</returns>
    public static float Pullback(
        SpikeAndSlabRow row, SlabAnneal anneal, SpikePrior prior, ReadOnlySpan<float> shift, ReadOnlySpan<float> logScale, ReadOnlySpan<float> spike,
        ReadOnlySpan<float> normal, ReadOnlySpan<float> uniform, ReadOnlySpan<float> codeGradients, float klWeight,
        Span<float> shiftGradient, Span<float> scaleGradient, Span<float> spikeGradient)
    {
        int features = shift.Length;
        float divergence = 0;
        Vector512<float> weight = Vector512.Create(klWeight);
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
            Lanes.Store(toShift * Vector512.Create(anneal.NoiseScale) + weight * byShift, shiftGradient, i);
            Lanes.Store(toScale * Lanes.Load(row.Scale, i) * Vector512.Create(0.5f) + weight * byScale, scaleGradient, i);
            Lanes.Store((toSpike + weight * bySpike) * slope, spikeGradient, i);
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
        var (slab, byShift, byScale) = GaussianDivergence.At(shift, logScale, prior.Spread);
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
