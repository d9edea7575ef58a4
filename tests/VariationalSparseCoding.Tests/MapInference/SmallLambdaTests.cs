using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>Small lambda and many atoms, so that the support reaches the rank of the dictionary: every sample still gets its optimum.</summary>
[Trait("Category", "Slow")]
public class SmallLambdaTests
{
    private const int Samples = 10;

    public static TheoryData<MapSolver, string, double> Cases()
    {
        var cases = new TheoryData<MapSolver, string, double>();
        foreach (var method in new[] { MapSolver.ActiveSet, MapSolver.Homotopy })
            foreach (string kind in new[] { "normal", "coherent", "integer", "repeated", "negated", "nonnegative", "dependent", "zero", "rank-one" })
                foreach (double lambda in new[] { 1, 0.1, 0.01, 1e-3 }) cases.Add(method, kind, lambda);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Every_sample_reaches_the_gap(MapSolver method, string kind, double lambda)
    {
        for (uint seed = 0; seed < 25; seed++)
        {
            var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
            int inputs = 1 + (int)random.NextInt64(8), atoms = 1 + (int)random.NextInt64(40);
            var (dictionary, x) = Problem(kind, inputs, atoms, seed);
            var exact = dictionary.Problem().Solve(x.Values, new MapOptions { Lambda = lambda }, method);
            Assert.True(exact.AllConverged, $"seed {seed}: {string.Join(" ", exact.StopReason)}, gap {exact.MaximumRelativeGap}");
            Assert.InRange(exact.MaximumRelativeGap, 0, 1e-6);
            var (objective, gap) = LassoData.PlainGap(dictionary, x, new(exact.ExactCodes!, atoms), lambda);
            // The independent gap is a difference of numbers as large as ||x||^2, whose rounding it keeps.
            for (int row = 0; row < Samples; row++) Assert.InRange(gap[row], -1e-12 * (1 + x.Row(row).Sum(value => value * value)), 1e-6 * objective[row] + 1e-12 * (1 + x.Row(row).Sum(value => value * value)));

            // The rounding of the codes to float32 may raise their gap, of first order, but hardly their objective.
            var single = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = lambda }, method);
            Assert.True(single.AllConverged);
            for (int row = 0; row < Samples; row++)
            {
                Assert.InRange(single.Objective[row] - exact.Objective[row], -2e-6 * exact.Objective[row], 2e-6 * exact.Objective[row]);
            }
        }
    }

    [Theory]
    [InlineData(MapSolver.ActiveSet), InlineData(MapSolver.Homotopy)]
    public void Many_samples_of_four_inputs_and_sixteen_atoms_are_solved_in_few_iterations(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(200, 4, 16, 3);
        var result = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = 0.01 }, method);
        Assert.InRange(result.Iterations.Max(), 1, 100);
        Assert.True(result.AllConverged);
        Assert.InRange(result.MaximumRelativeGap, 0, 1e-6);
    }

    private static (Matrix Dictionary, Matrix X) Problem(string kind, int inputs, int atoms, uint seed)
    {
        var (normal, x) = LassoData.Random(Samples, inputs, atoms, 1000 + seed);
        var shared = LassoData.Random(1, inputs, 1, 2000 + seed).X;
        int half = atoms / 2;
        var dictionary = normal.Map((value, row, column) => kind switch
        {
            "coherent" => shared[0, row] + 0.01 * value,
            "integer" => Math.Round(value),
            "repeated" => normal[row, column >= half ? column - half : column],
            "zero" => column % 3 == 0 ? 0 : value,
            "rank-one" => shared[0, row] * (1 + column),
            "negated" => column >= half ? -normal[row, column - half] : value,
            "nonnegative" => Math.Abs(value),
            "dependent" => normal[row == inputs - 1 ? 0 : row, column],
            _ => value,
        });
        return (dictionary.Rounded(), (kind == "integer" ? x.Map((value, _, _) => Math.Round(2 * value)) : x).Rounded());
    }
}
