using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>All solvers to a relative duality gap of 1e-4, on 200 samples of 10 atoms each and noise.</summary>
public class MapInferenceBenchmarks
{
    private const int Count = 200, Active = 10;
    private torch.Tensor x = null!;
    private LassoProblem problem = null!;

    [Params(MapSolver.Ista, MapSolver.Fista, MapSolver.Admm, MapSolver.CoordinateDescent, MapSolver.Homotopy, MapSolver.ActiveSet)]
    public MapSolver Solver { get; set; }

    [GlobalSetup]
    public void Create()
    {
        using var scope = torch.NewDisposeScope();
        torch.set_num_threads(Environment.ProcessorCount);
        var dictionary = torch.tensor(Inputs.Normal(0, Inputs.Size * Inputs.Size), [Inputs.Size, Inputs.Size]) / Math.Sqrt(Inputs.Size);
        var codes = torch.tensor(Inputs.Normal(1, Count * Inputs.Size), [Count, Inputs.Size]);
        codes[torch.tensor(Inputs.Uniform(2, Count * Inputs.Size), [Count, Inputs.Size]) > (double)Active / Inputs.Size] = 0;
        x = (3 * codes.mm(dictionary.t()) + 0.1 * torch.tensor(Inputs.Normal(3, Count * Inputs.Size), [Count, Inputs.Size])).MoveToOuterDisposeScope();
        problem = new(dictionary);
    }

    [Benchmark, BenchmarkCategory("MAP inference")]
    public void Solve() => problem.Solve(x, new MapOptions { Lambda = 1, RelativeGapTolerance = 1e-4 }, Solver).Dispose();

    [GlobalCleanup]
    public void Free()
    {
        x.Dispose();
        problem.Dispose();
    }
}
