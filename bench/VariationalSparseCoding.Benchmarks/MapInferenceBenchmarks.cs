using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>All solvers to a relative duality gap of 1e-4, on 200 samples of 10 atoms each and noise.</summary>
public class MapInferenceBenchmarks
{
    private const int Count = 200, Active = 10;
    private float[] x = null!;
    private LassoProblem problem = null!;

    [Params(MapSolver.Ista, MapSolver.Fista, MapSolver.Admm, MapSolver.CoordinateDescent, MapSolver.Homotopy, MapSolver.ActiveSet)]
    public MapSolver Solver { get; set; }

    [GlobalSetup]
    public void Create()
    {
        float[] dictionary = Array.ConvertAll(Inputs.Normal(0, Inputs.Size * Inputs.Size), value => value / MathF.Sqrt(Inputs.Size));
        float[] codes = Inputs.Normal(1, Count * Inputs.Size), choices = Inputs.Uniform(2, Count * Inputs.Size);
        x = Array.ConvertAll(Inputs.Normal(3, Count * Inputs.Size), value => 0.1f * value);
        for (int i = 0; i < codes.Length; i++)
        {
            if (choices[i] > (double)Active / Inputs.Size) continue;
            int sample = i / Inputs.Size, atom = i % Inputs.Size;
            for (int row = 0; row < Inputs.Size; row++) x[sample * Inputs.Size + row] += 3 * codes[i] * dictionary[row * Inputs.Size + atom];
        }
        problem = new(dictionary, Inputs.Size);
    }

    [Benchmark, BenchmarkCategory("MAP inference")]
    public MapResult Solve() => problem.Solve(x, new MapOptions { Lambda = 1, RelativeGapTolerance = 1e-4 }, Solver);
}
