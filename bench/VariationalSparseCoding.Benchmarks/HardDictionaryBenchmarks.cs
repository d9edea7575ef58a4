using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>The default solver beside the homotopy path on dictionaries that are hard for an active set: many more atoms than values, nearly or wholly dependent ones, small lambda.</summary>
public class HardDictionaryBenchmarks
{
    private const int Count = 200, Values = 16, Atoms = 64;
    private float[] x = null!;
    private LassoProblem problem = null!;
    private double lambda;

    [Params("normal", "coherent", "integer", "repeated", "negated", "nonnegative", "rank-one")]
    public string Kind { get; set; } = "";

    /// <summary>The part of the lambda from which on all codes are 0.</summary>
    [Params(0.1, 1e-3, 0)]
    public double Weight { get; set; }

    [GlobalSetup]
    public void Create()
    {
        float[] normal = Inputs.Normal(0, Values * Atoms), shared = Inputs.Normal(1, Values), dictionary = new float[Values * Atoms];
        x = Inputs.Normal(2, Count * Values);
        for (int i = 0; i < dictionary.Length; i++)
        {
            int row = i / Atoms, atom = i % Atoms, other = row * Atoms + atom % (Atoms / 2);
            dictionary[i] = Kind switch
            {
                "coherent" => shared[row] + 0.01f * normal[i],
                "integer" => MathF.Round(normal[i]),
                "repeated" => normal[other],
                "negated" => atom < Atoms / 2 ? normal[i] : -normal[other],
                "nonnegative" => MathF.Abs(normal[i]),
                "rank-one" => shared[row] * (1 + atom),
                _ => normal[i],
            };
        }
        problem = new(dictionary, Atoms);
        for (int sample = 0; sample < Count; sample++)
            for (int atom = 0; atom < Atoms; atom++)
                lambda = Math.Max(lambda, Weight * Math.Abs(Enumerable.Range(0, Values).Sum(row => (double)x[sample * Values + row] * dictionary[row * Atoms + atom])));
    }

    [Benchmark(Baseline = true), BenchmarkCategory("hard dictionaries")]
    public MapResult Homotopy() => problem.Solve(x, new MapOptions { Lambda = lambda, Threads = 1 }, MapSolver.Homotopy);

    [Benchmark, BenchmarkCategory("hard dictionaries")]
    public MapResult ActiveSet() => problem.Solve(x, new MapOptions { Lambda = lambda, Threads = 1 });
}
