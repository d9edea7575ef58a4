using TorchSharp;
using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Tests.MapInference;

public class FistaTests
{
    [Fact]
    public void Reaches_the_optimal_objective()
    {
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var result = problem.Solve(fixture.X, new MapOptions { Lambda = fixture.Lambda, RelativeGapTolerance = 1e-10, MaximumIterations = 100_000 }, MapSolver.Fista);
        Assert.True(result.AllConverged);
        for (int row = 0; row < fixture.Objective.Length; row++)
            Assert.InRange(result.Objective[row] / fixture.Objective[row] - 1, -1e-9, 1e-9);
    }

    [Fact]
    public void Published_mode_reproduces_the_authors_codes()
    {
        var fixture = LassoData.Fixture();
        using var problem = new LassoProblem(fixture.Dictionary);
        using var result = problem.Solve(fixture.X, MapOptions.PublishedFista(fixture.Lambda), MapSolver.Fista);
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.RelativeChange, reason));
        Assert.Single(result.Iterations.Distinct());
        Assert.InRange((result.Codes - fixture.AuthorsCodes).abs().max().ToDouble(), 0, 1e-10);
        for (int row = 0; row < fixture.Objective.Length; row++) Assert.Equal(fixture.AuthorsObjective[row], result.Objective[row], 1e-10);
    }
}
