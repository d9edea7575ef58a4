using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>What holds for every method of the table.</summary>
public class MapSolverTests
{
    public static TheoryData<MapSolver> Methods => [.. Enum.GetValues<MapSolver>()];

    public static TheoryData<MapSolver> ExactMethods => [MapSolver.CoordinateDescent, MapSolver.Homotopy, MapSolver.ActiveSet];

    [Theory, MemberData(nameof(Methods))]
    public void Reaches_the_optimal_objective_of_the_fixture(MapSolver method)
    {
        var fixture = LassoData.Fixture();
        var result = fixture.Dictionary.Problem().Solve(fixture.X.Values, Exact(fixture.Lambda), method);
        Assert.True(result.AllConverged);
        for (int row = 0; row < fixture.Objective.Length; row++)
            Assert.InRange(result.Objective[row] / fixture.Objective[row] - 1, -1e-9, 1e-9);
        Assert.InRange((result.Exact(24) - fixture.Codes).Largest, 0, 1e-4);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Satisfies_the_optimality_conditions_on_random_problems(MapSolver method)
    {
        foreach (uint seed in Enumerable.Range(1, 4))
        {
            var (dictionary, x) = LassoData.Random(7, 30, 45, seed);
            double lambda = 0.5 * seed;
            var result = dictionary.Problem().Solve(x.Values, Exact(lambda), method);
            Assert.True(result.AllConverged);
            LassoData.AssertOptimal(dictionary, x, result.Exact(45), lambda, 1e-3);
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Single_precision_codes_have_the_gap_they_claim(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(7, 30, 45, 9);
        var result = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-5 }, method);
        Assert.True(result.AllConverged);
        var (objective, gap) = LassoData.PlainGap(dictionary.Rounded(), x.Rounded(), result.Single(45), 2);
        for (int row = 0; row < 7; row++)
        {
            Assert.Equal(objective[row], result.Objective[row], 1e-10 * objective[row]);
            Assert.Equal(gap[row], result.RoundedGap[row], 1e-10 * objective[row]);
            Assert.InRange(gap[row] / objective[row], 0, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void The_gap_bounds_the_distance_from_the_optimum(MapSolver method)
    {
        var fixture = LassoData.Fixture();
        var problem = fixture.Dictionary.Problem();
        foreach (int iterations in new[] { 0, 1, 2, 5, 20 })
        {
            var options = new MapOptions { Lambda = fixture.Lambda, RelativeGapTolerance = 1e-12, MaximumIterations = iterations };
            var result = problem.Solve(fixture.X.Values, options, method);
            for (int row = 0; row < fixture.Objective.Length; row++)
            {
                Assert.InRange(result.Objective[row] - fixture.Objective[row], -1e-9, result.Gap[row] + 1e-9);
                Assert.InRange(result.Iterations[row], 0, iterations);
                Assert.Equal(result.Gap[row] <= 1e-12 * result.Objective[row], result.StopReason[row] == MapStopReason.Converged);
            }
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Hostile_dictionaries_and_samples_are_solved(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(6, 12, 20, 5);
        // Two equal atoms, two opposite ones, one of zeros, one in the span of two others, one tiny; a sample of zeros.
        dictionary.SetColumn(3, row => dictionary[row, 8]);
        dictionary.SetColumn(5, row => -dictionary[row, 11]);
        dictionary.SetColumn(7, _ => 0);
        dictionary.SetColumn(9, row => 0.5 * (dictionary[row, 1] + dictionary[row, 2]));
        dictionary.SetColumn(10, row => 1e-8 * dictionary[row, 10]);
        x = x.Map((value, row, _) => row == 2 ? 0 : value);
        var result = dictionary.Problem().Solve(x.Values, new MapOptions { Lambda = 0.3, RelativeGapTolerance = 1e-8, MaximumIterations = 100_000 }, method);
        Assert.True(result.AllConverged);
        Assert.All(result.Exact(20).Row(2), code => Assert.Equal(0, code));
        Assert.Equal(0, result.Objective[2]);
        Assert.All(result.Exact(20).Column(7), code => Assert.Equal(0, code));
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_large_lambda_gives_zero_codes(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(4, 9, 13, 2);
        double lambda = (x * dictionary).Largest * (1 + 1e-12);
        var result = dictionary.Problem().Solve(x.Values, new MapOptions { Lambda = lambda }, method);
        Assert.All(result.ExactCodes!, code => Assert.Equal(0, code));
        Assert.All(result.Gap, gap => Assert.Equal(0, gap));
        Assert.True(result.AllConverged);
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_dictionary_of_zeros_gives_zero_codes(MapSolver method)
    {
        float[] ones = [.. Enumerable.Repeat(1f, 15)];
        var result = new LassoProblem(new float[40], 8).Solve(ones, new MapOptions(), method);
        Assert.All(result.Codes, code => Assert.Equal(0, code));
        Assert.All(result.Objective, objective => Assert.Equal(2.5, objective));
        Assert.True(result.AllConverged);
    }

    [Theory, MemberData(nameof(Methods))]
    public void An_empty_batch_gives_no_codes(MapSolver method)
    {
        var result = new LassoProblem(new float[40], 8).Solve(new float[0, 5], new MapOptions(), method);
        Assert.Empty(result.Codes);
        Assert.Empty(result.Objective);
    }

    [Theory, MemberData(nameof(Methods))]
    public void One_atom_has_the_closed_form(MapSolver method)
    {
        var problem = new LassoProblem((ReadOnlySpan<double>)[3.0, 4.0], 1);
        double[] x = [1.0, 1.0, -2.0, 0.0, 0.1, 0.1];
        var result = problem.Solve(x, new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-14 }, method);
        // soft(a.x, lambda) / ||a||^2
        double[] expected = [(7 - 2) / 25.0, -(6 - 2) / 25.0, 0];
        for (int row = 0; row < 3; row++) Assert.Equal(expected[row], result.ExactCodes![row], 1e-8);
    }

    [Theory]
    [InlineData(MapSolver.Ista), InlineData(MapSolver.Fista), InlineData(MapSolver.Admm), InlineData(MapSolver.CoordinateDescent), InlineData(MapSolver.ActiveSet)]
    public void A_warm_start_takes_fewer_iterations(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(5, 20, 25, 3);
        var problem = dictionary.Problem();
        var cold = problem.Solve(x.Values, Exact(1), method);
        var moved = x.Map((value, row, column) => value + 1e-4 * x[4 - row, column]);
        var warm = problem.Solve(moved.Values, Exact(1), method, cold.ExactCodes);
        Assert.True(warm.AllConverged);
        Assert.True(warm.Iterations.Sum() < 0.75 * cold.Iterations.Sum(), $"{warm.Iterations.Sum()} of {cold.Iterations.Sum()}");
        var repeated = problem.Solve(x.Values, Exact(1), method, cold.ExactCodes);
        Assert.All(repeated.Iterations, count => Assert.Equal(0, count));
        Assert.Equal(cold.ExactCodes, repeated.ExactCodes);
    }

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Methods))]
    public void Codes_do_not_depend_on_threads(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(101, 30, 45, 4);
        var problem = dictionary.Problem();
        var options = new MapOptions { Lambda = 1, Threads = 1 };
        var one = problem.Solve(x.Values, options, method);
        foreach (int threads in new[] { 2, 5 })
        {
            var several = problem.Solve(x.Values, options with { Threads = threads }, method);
            Assert.Equal(one.ExactCodes, several.ExactCodes);
            Assert.Equal(one.Iterations, several.Iterations);
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_batch_of_several_blocks_is_solved_row_by_row(MapSolver method)
    {
        var (dictionary, x) = LassoData.Random(4 * SampleBlock.Size + 5, 3, 4, 15);
        (dictionary, x) = (dictionary.Rounded(), x.Rounded());
        var problem = dictionary.SingleProblem();
        var all = problem.Solve(x.Floats, new MapOptions { Lambda = 0.5 }, method);
        var tail = problem.Solve(x.Slice(x.Rows - 5, 5).Floats, new MapOptions { Lambda = 0.5 }, method);
        Assert.True(all.AllConverged);
        Assert.InRange((all.Single(4).Slice(x.Rows - 5, 5) - tail.Single(4)).Largest, 0, 1e-6);
        Assert.Equal(tail.Objective, all.Objective.TakeLast(5), (left, right) => Math.Abs(left - right) <= 1e-9 * left);
        LassoData.AssertOptimal(dictionary, x, all.Single(4), 0.5, 1e-2);
    }

    [Theory, MemberData(nameof(ExactMethods))]
    public void Random_degenerate_problems_are_solved(MapSolver method)
    {
        // Small integers: ties, equal and dependent atoms are the rule.
        var random = new CounterRandom(new NoiseKey(31, NoisePurpose.Data, 0));
        for (int trial = 0; trial < 300; trial++)
        {
            int inputs = 1 + (int)random.NextInt64(6), atoms = 1 + (int)random.NextInt64(12);
            var (dictionary, x) = (Whole(inputs, atoms), Whole(3, inputs));
            var options = new MapOptions { Lambda = 0.5 + random.NextInt64(3), RelativeGapTolerance = 1e-7, MaximumIterations = 100_000 };
            var result = dictionary.Problem().Solve(x.Values, options, method);
            Assert.True(result.AllConverged, $"trial {trial}: {string.Join(" ", result.StopReason)} {result.MaximumRelativeGap}");
        }

        Matrix Whole(int rows, int columns) => new([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextInt64(5) - 2.0)], columns);
    }

    [Fact]
    public void The_table_names_every_method_once()
    {
        var methods = MapSolvers.Names.Select(MapSolvers.Parse).ToArray();
        Assert.Equal(Enum.GetValues<MapSolver>(), methods.Order());
        Assert.Equal("MAP solver \"lasso\" is unknown; give one of ista, fista, admm, coordinate-descent, homotopy, active-set.",
            Assert.Throws<InvalidInputException>(() => MapSolvers.Parse("lasso")).Message);
    }

    private static MapOptions Exact(double lambda) => new() { Lambda = lambda, RelativeGapTolerance = 1e-9, MaximumIterations = 200_000 };
}
