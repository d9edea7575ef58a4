using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Thresholded Laplacian samples of one input at the prior: 10% of the features are active.</summary>
public class LocationScaleBenchmarks
{
    private const float Scale = 0.1f, Threshold = 0.23f, KlWeight = 0.01f;
    private readonly float[] shift = [.. Inputs.Normal(0, Inputs.Size).Select(number => 0.01f * number)];
    private readonly float[] logScale = [.. Enumerable.Repeat(MathF.Log(Scale), Inputs.Size)], scale = [.. Enumerable.Repeat(Scale, Inputs.Size)];
    private readonly float[] threshold = [.. Enumerable.Repeat(Threshold, Inputs.Size)];
    private readonly float[] x = Inputs.Normal(1, Inputs.Size), atoms = Inputs.Normal(2, Inputs.Size * Inputs.Size), gradients = Inputs.Normal(3, Inputs.Size);
    private readonly float[] noise = new float[Inputs.Size], codes = new float[Inputs.Size], shiftGradient = new float[Inputs.Size], scaleGradient = new float[Inputs.Size];
    private readonly SparseCode sparse = new(Inputs.Size);

    [GlobalSetup]
    public void Draw() => CounterNoise.FillLaplace<float>(Inputs.Key, 4, 0, 1, 1, Inputs.Size, noise);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("location-scale scoring")]
    public float Scoring_plain()
    {
        for (int i = 0; i < codes.Length; i++)
        {
            float deviation = scale[i] * noise[i];
            codes[i] = MathF.Abs(deviation) > threshold[i] ? shift[i] + MathF.CopySign(MathF.Abs(deviation) - threshold[i], deviation) : 0;
        }
        return Decoding.SquaredError(x, atoms, codes);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("location-scale scoring")]
    public float Scoring_kernel()
    {
        LocationScaleKernel.SparseCodes(shift, scale, threshold, noise, sparse);
        return sparse.SquaredError(x, atoms);
    }

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("location-scale pullback")]
    public float Pullback_plain()
    {
        float divergence = 0;
        for (int i = 0; i < shift.Length; i++)
        {
            float distance = MathF.Abs(shift[i]), b = MathF.Exp(logScale[i]), decay = MathF.Exp(-distance / b), deviation = scale[i] * noise[i];
            divergence += distance / Scale + b / Scale * decay - MathF.Log(b / Scale) - 1;
            shiftGradient[i] = gradients[i] + KlWeight * MathF.Sign(shift[i]) * (1 - decay) / Scale;
            scaleGradient[i] = gradients[i] * deviation + KlWeight * (b / Scale * decay * (1 + distance / b) - 1);
        }
        return divergence;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("location-scale pullback")]
    public float Pullback_kernel() => LocationScaleKernel.Pullback<LaplacianBase>(
        new(false, false, 1), new() { Shift = shift, Scale = logScale }, new() { Scale = scale, Threshold = threshold, Noise = noise, CodeGradients = gradients },
        new(Scale, KlWeight), new() { Shift = shiftGradient, Scale = scaleGradient });
}
