// Finds the codes that minimise 1/2 ||x - Az||^2 + lambda ||z||_1 on a given dictionary, with every solver.
using VariationalSparseCoding.Data;
using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

set_num_threads(1);
var known = SyntheticData.Generate(new() { Samples = 100 }, seed: 1);
using Tensor dictionary = tensor(known.Dictionary, 64, 32), samples = tensor(known.Samples, 100, 64);
using var problem = new LassoProblem(dictionary);

foreach (string name in MapSolvers.Names)
{
    // Each sample stops on its own, when its duality gap proves the objective optimal to a millionth.
    using var result = problem.Solve(samples, new MapOptions { Lambda = 0.3 }, MapSolvers.Parse(name));
    Console.WriteLine(FormattableString.Invariant(
        $"{name,-19} objective {result.MeanObjective:F4}, {result.Codes.count_nonzero().item<long>() / 100.0:F2} active features per sample, at most {result.Iterations.Max()} iterations"));
}
