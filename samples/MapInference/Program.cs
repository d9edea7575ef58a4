using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Synthetic;

// Finds the codes that minimise 1/2 ||x - Az||^2 + lambda ||z||_1 on a given dictionary, with every solver.

var known = SyntheticData.Generate(new() { Samples = 100 }, seed: 1);
var problem = new LassoProblem(known.Dictionary, atoms: 32);

foreach (var solver in Enum.GetValues<MapSolver>())
{
    // Each sample stops on its own, when its duality gap proves the objective optimal to a millionth.
    var result = problem.Solve(known.Samples, new MapOptions { Lambda = 0.3 }, solver);
    Console.WriteLine(FormattableString.Invariant(
        $"{solver,-17} objective {result.MeanObjective:F4}, {result.Codes.Count(code => code != 0) / 100.0:F2} active features per sample, at most {result.Iterations.Max()} iterations"));
}
