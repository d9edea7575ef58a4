using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>A training step of the baseline: samples made of 7% of the atoms and noise, so that codes are about as active as those of a trained model.</summary>
public class MapStepBenchmarks
{
    // As in a trained model: atoms of norm 8, samples of variance 1 or so.
    private const float AtomScale = 0.5f, CodeScale = 0.7f, Noise = 0.5f, ActiveFraction = 0.07f;
    private const double Lambda = 20;
    private FistaStep step = null!;
    private float[] batch = [];

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Create()
    {
        const int Size = Inputs.Size;
        FloatMatrix dictionary = new(Size, Size), codes = new(Inputs.Rows, Size), samples = new(Inputs.Rows, Size);
        float[] atoms = Inputs.Normal(0, Size * Size), values = Inputs.Normal(1, Inputs.Rows * Size), choices = Inputs.Uniform(2, Inputs.Rows * Size), noise = Inputs.Normal(3, Inputs.Rows * Size);
        for (int i = 0; i < atoms.Length; i++) dictionary.All[i] = AtomScale * atoms[i];
        for (int i = 0; i < values.Length; i++) (codes.All[i], samples.All[i]) = (choices[i] < ActiveFraction ? CodeScale * values[i] : 0, Noise * noise[i]);
        MatrixProduct.Multiply(codes.Operand, dictionary.Operand.Transposed, samples.Operand, Inputs.Rows, Size, Size, samples.Operand);
        batch = samples.All.ToArray();
        // The dictionary stays, so that each step is the same work.
        step = new(dictionary, Inputs.Rows, Threads, dictionaryPenalty: 0);
        // Until the compiler has optimised the loops, which takes it longer than the benchmark's own warm-up, a step takes ten times as long.
        for (int round = 0; round < 4; round++, Thread.Sleep(200))
            for (int i = 0; i < 30; i++) Step();
        var (_, _, active, iterations) = step.Apply(batch, Lambda, step: 0);
        Console.WriteLine($"// {iterations} iterations, active fraction {active:F3}");
    }

    [Benchmark, BenchmarkCategory("training step of fista")]
    public void Step() => step.Apply(batch, Lambda, step: 0);

    [GlobalCleanup]
    public void Free() => step.Dispose();
}
