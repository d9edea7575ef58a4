using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>What holds for every method of the table.</summary>
public class MapSolverTests
{
    public static TheoryData<MapSolver> Methods => [.. Enum.GetValues<MapSolver>()];

    public static TheoryData<MapSolver> SampleMethods => [MapSolver.CoordinateDescent, MapSolver.Homotopy, MapSolver.ActiveSet];

    [Theory, MemberData(nameof(Methods))]
    public void Reaches_the_optimal_objective_of_the_fixture(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var result = problem.Solve(fixture.X, Exact(fixture.Lambda), method);
        Assert.True(result.AllConverged);
        for (int row = 0; row < fixture.Objective.Length; row++)
            Assert.InRange(result.Objective[row] / fixture.Objective[row] - 1, -1e-9, 1e-9);
        Assert.InRange((result.Codes - fixture.Codes).abs().max().item<double>(), 0, 1e-4);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Satisfies_the_optimality_conditions_on_random_problems(MapSolver method)
    {
        using var scope = NewDisposeScope();
        foreach (uint seed in Enumerable.Range(1, 4))
        {
            var (dictionary, x) = LassoData.Random(7, 30, 45, seed);
            double lambda = 0.5 * seed;
            using var problem = new LassoProblem(dictionary);
            using var result = problem.Solve(x, Exact(lambda), method);
            Assert.True(result.AllConverged);
            LassoData.AssertOptimal(dictionary, x, result.Codes, lambda, 1e-3);
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Single_precision_codes_have_the_gap_they_claim(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(7, 30, 45, 9);
        using var problem = new LassoProblem(dictionary.to(float32));
        using var result = problem.Solve(x.to(float32), new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-5 }, method);
        Assert.True(result.AllConverged);
        Assert.Equal(float32, result.Codes.dtype);
        var (objective, gap) = LassoData.PlainGap(problem.Dictionary, x.to(float32), result.Codes, 2);
        for (int row = 0; row < 7; row++)
        {
            Assert.Equal(objective[row], result.Objective[row], 1e-10 * objective[row]);
            Assert.Equal(gap[row], result.Gap[row], 1e-10 * objective[row]);
            Assert.InRange(gap[row] / objective[row], 0, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void The_gap_bounds_the_distance_from_the_optimum(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        foreach (int iterations in new[] { 0, 1, 2, 5, 20 })
        {
            using var result = problem.Solve(fixture.X, new MapOptions { Lambda = fixture.Lambda, RelativeGapTolerance = 1e-12, MaximumIterations = iterations }, method);
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
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(6, 12, 20, 5);
        // Two equal atoms, two opposite ones, one of zeros, one in the span of two others, one tiny; a sample of zeros.
        dictionary[.., 3] = dictionary[.., 8];
        dictionary[.., 5] = -dictionary[.., 11];
        dictionary[.., 7] = 0;
        dictionary[.., 9] = 0.5 * (dictionary[.., 1] + dictionary[.., 2]);
        dictionary[.., 10] *= 1e-8;
        x[2] = 0;
        using var problem = new LassoProblem(dictionary);
        using var result = problem.Solve(x, new MapOptions { Lambda = 0.3, RelativeGapTolerance = 1e-8, MaximumIterations = 100_000 }, method);
        Assert.True(result.AllConverged);
        Assert.Equal(0, result.Codes[2].abs().sum().item<double>());
        Assert.Equal(0, result.Objective[2]);
        Assert.Equal(0, result.Codes[.., 7].abs().sum().item<double>());
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_large_lambda_gives_zero_codes(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(4, 9, 13, 2);
        double lambda = x.mm(dictionary).abs().max().item<double>() * (1 + 1e-12);
        using var problem = new LassoProblem(dictionary);
        using var result = problem.Solve(x, new MapOptions { Lambda = lambda }, method);
        Assert.Equal(0, result.Codes.abs().sum().item<double>());
        Assert.All(result.Gap, gap => Assert.Equal(0, gap));
        Assert.True(result.AllConverged);
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_dictionary_of_zeros_gives_zero_codes(MapSolver method)
    {
        using var scope = NewDisposeScope();
        using var problem = new LassoProblem(zeros(5, 8));
        using var result = problem.Solve(ones(3, 5), new MapOptions(), method);
        Assert.Equal(0, result.Codes.abs().sum().item<float>());
        Assert.All(result.Objective, objective => Assert.Equal(2.5, objective));
        Assert.True(result.AllConverged);
    }

    [Theory, MemberData(nameof(Methods))]
    public void An_empty_batch_gives_no_codes(MapSolver method)
    {
        using var problem = new LassoProblem(ones(5, 8));
        using var result = problem.Solve(zeros(0, 5), new MapOptions(), method);
        Assert.Equal([0, 8], result.Codes.shape);
        Assert.Empty(result.Objective);
    }

    [Theory, MemberData(nameof(Methods))]
    public void One_atom_has_the_closed_form(MapSolver method)
    {
        using var scope = NewDisposeScope();
        using var problem = new LassoProblem(tensor([3.0, 4.0], [2, 1]));
        using var result = problem.Solve(tensor([1.0, 1.0, -2.0, 0.0, 0.1, 0.1], [3, 2]), new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-14 }, method);
        // soft(a.x, lambda) / ||a||^2
        double[] expected = [(7 - 2) / 25.0, -(6 - 2) / 25.0, 0];
        for (int row = 0; row < 3; row++) Assert.Equal(expected[row], result.Codes[row, 0].item<double>(), 1e-8);
    }

    [Theory]
    [InlineData(MapSolver.Ista), InlineData(MapSolver.Fista), InlineData(MapSolver.Admm), InlineData(MapSolver.CoordinateDescent), InlineData(MapSolver.ActiveSet)]
    public void A_warm_start_takes_fewer_iterations(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(5, 20, 25, 3);
        using var problem = new LassoProblem(dictionary);
        using var cold = problem.Solve(x, Exact(1), method);
        using var warm = problem.Solve(x + 1e-4 * x.flip(0), Exact(1), method, cold.Codes);
        Assert.True(warm.AllConverged);
        Assert.True(warm.Iterations.Sum() < 0.75 * cold.Iterations.Sum(), $"{warm.Iterations.Sum()} of {cold.Iterations.Sum()}");
        using var repeated = problem.Solve(x, Exact(1), method, cold.Codes);
        Assert.All(repeated.Iterations, count => Assert.Equal(0, count));
        Assert.Equal(0, (repeated.Codes - cold.Codes).abs().max().item<double>());
    }

    [Theory, MemberData(nameof(SampleMethods))]
    public void Codes_do_not_depend_on_threads(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(101, 30, 45, 4);
        using var problem = new LassoProblem(dictionary);
        using var one = problem.Solve(x, new MapOptions { Lambda = 1, Threads = 1 }, method);
        foreach (int threads in new[] { 2, 5 })
        {
            using var several = problem.Solve(x, new MapOptions { Lambda = 1, Threads = threads }, method);
            Assert.Equal(one.Codes.data<double>().ToArray(), several.Codes.data<double>().ToArray());
            Assert.Equal(one.Iterations, several.Iterations);
        }
    }

    [Theory, MemberData(nameof(SampleMethods))]
    public void A_batch_of_several_blocks_is_solved_row_by_row(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(4 * SampleBlock.Size + 5, 3, 4, 15);
        using var problem = new LassoProblem(dictionary.to(float32));
        using var all = problem.Solve(x.to(float32), new MapOptions { Lambda = 0.5 }, method);
        using var tail = problem.Solve(x[^5..].to(float32), new MapOptions { Lambda = 0.5 }, method);
        Assert.True(all.AllConverged);
        Assert.InRange((all.Codes[^5..] - tail.Codes).abs().max().item<float>(), 0, 1e-6f);
        Assert.Equal(tail.Objective, all.Objective.TakeLast(5), (left, right) => Math.Abs(left - right) <= 1e-9 * left);
        LassoData.AssertOptimal(dictionary, x, all.Codes.to(float64), 0.5, 1e-2);
    }

    [Theory, MemberData(nameof(SampleMethods))]
    public void Random_degenerate_problems_are_solved(MapSolver method)
    {
        // Small integers: ties, equal and dependent atoms are the rule.
        var random = new CounterRandom(new NoiseKey(31, NoisePurpose.Data, 0));
        for (int trial = 0; trial < 300; trial++)
        {
            using var scope = NewDisposeScope();
            int inputs = 1 + (int)random.NextInt64(6), atoms = 1 + (int)random.NextInt64(12);
            var (dictionary, x) = (Whole(inputs, atoms), Whole(3, inputs));
            using var problem = new LassoProblem(dictionary);
            using var result = problem.Solve(x, new MapOptions { Lambda = 0.5 + random.NextInt64(3), RelativeGapTolerance = 1e-7, MaximumIterations = 100_000 }, method);
            Assert.True(result.AllConverged, $"trial {trial}: {string.Join(" ", result.StopReason)} {result.MaximumRelativeGap}");
        }

        Tensor Whole(int rows, int columns) =>
            tensor([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextInt64(5) - 2.0)], [rows, columns]);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Nothing_is_left_in_native_memory(MapSolver method)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(7, 30, 45, 6);
        using var problem = new LassoProblem(dictionary);
        problem.Solve(x, new MapOptions { Lambda = 1 }, method).Dispose();
        long before = scope.DisposablesCount;
        problem.Solve(x, new MapOptions { Lambda = 1 }, method).Dispose();
        Assert.Equal(before, scope.DisposablesCount);
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
