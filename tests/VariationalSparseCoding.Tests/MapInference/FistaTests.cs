using TorchSharp;
using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

public class FistaTests
{
    [Fact]
    public void Published_mode_reproduces_the_authors_codes()
    {
        using var scope = NewDisposeScope();
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var result = problem.Solve(fixture.X, MapOptions.PublishedFista(fixture.Lambda), MapSolver.Fista);
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.RelativeChange, reason));
        Assert.Single(result.Iterations.Distinct());
        Assert.InRange((result.Codes - fixture.AuthorsCodes).abs().max().ToDouble(), 0, 1e-10);
        for (int row = 0; row < fixture.Objective.Length; row++) Assert.Equal(fixture.AuthorsObjective[row], result.Objective[row], 1e-10);
    }

    [Fact]
    public void Published_mode_stops_at_its_maximum_of_iterations()
    {
        using var scope = NewDisposeScope();
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var result = problem.Solve(fixture.X, MapOptions.PublishedFista(fixture.Lambda) with { MaximumIterations = 7 }, MapSolver.Fista);
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.MaximumIterations, reason));
        Assert.All(result.Iterations, count => Assert.Equal(7, count));
    }

    [Theory]
    [InlineData(MapSolver.Ista, 0), InlineData(MapSolver.Ista, 3), InlineData(MapSolver.Fista, 0), InlineData(MapSolver.Fista, 1), InlineData(MapSolver.Fista, 25)]
    public void A_number_of_steps_is_made_exactly(MapSolver method, int steps)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(7, 30, 45, 8);
        var (_, start) = LassoData.Random(7, 45, 1, 9);
        using var problem = new LassoProblem(dictionary);
        using var result = problem.Solve(x, MapOptions.Steps(1.5, steps), method, start);

        double lipschitz = linalg.norm(dictionary, 2).item<double>();
        lipschitz *= lipschitz;
        var (z, last, t, lastT) = (start, start, 1.0, 1.0);
        for (int step = 0; step < steps; step++)
        {
            var y = method == MapSolver.Fista ? z + (lastT - 1) / t * (z - last) : z;
            var forward = y - (y.mm(dictionary.t()) - x).mm(dictionary) / lipschitz;
            (last, z) = (z, forward.sign() * (forward.abs() - 1.5 / lipschitz).clamp_min(0));
            (lastT, t) = (t, (1 + Math.Sqrt(1 + 4 * t * t)) / 2);
        }
        Assert.InRange((result.Codes - z).abs().max().item<double>(), 0, 1e-8);
        Assert.All(result.Iterations, count => Assert.Equal(steps, count));
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.MaximumIterations, reason));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(25)]
    public void Steps_without_a_certificate_give_the_same_codes(int steps)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(7, 30, 45, 8);
        var (_, start) = LassoData.Random(7, 45, 1, 9);
        using var problem = new LassoProblem(dictionary);
        foreach (var initial in new[] { start, null })
        {
            using var result = problem.Solve(x, MapOptions.Steps(1.5, steps), MapSolver.Fista, initial);
            Assert.True(result.Codes.Equals(problem.Iterate(x, 1.5, steps, initial)));
        }
    }

    [Fact]
    public void A_sample_that_is_finished_does_not_wait_for_the_others()
    {
        using var scope = NewDisposeScope();
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var together = problem.Solve(fixture.X, new MapOptions { Lambda = fixture.Lambda }, MapSolver.Fista);
        Assert.True(together.Iterations.Distinct().Count() > 1);
        for (int row = 0; row < fixture.Objective.Length; row++)
        {
            using var alone = problem.Solve(fixture.X[row..(row + 1)], new MapOptions { Lambda = fixture.Lambda }, MapSolver.Fista);
            Assert.Equal(together.Iterations[row], alone.Iterations[0]);
            Assert.InRange((together.Codes[row] - alone.Codes[0]).abs().max().item<double>(), 0, 1e-10);
        }
    }
}
