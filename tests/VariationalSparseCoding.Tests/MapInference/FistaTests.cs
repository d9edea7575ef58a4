using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Tests.MapInference;

public class FistaTests
{
    [Fact]
    public void Published_mode_reproduces_the_authors_codes()
    {
        var fixture = LassoData.Fixture();
        foreach (int threads in new[] { 1, 3 })
        {
            var result = fixture.Dictionary.Problem().Solve(fixture.X.Values, MapOptions.PublishedFista(fixture.Lambda) with { Threads = threads }, MapSolver.Fista);
            Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.RelativeChange, reason));
            Assert.Single(result.Iterations.Distinct());
            Assert.InRange((result.Exact(24) - fixture.AuthorsCodes).Largest, 0, 1e-10);
            for (int row = 0; row < fixture.Objective.Length; row++) Assert.Equal(fixture.AuthorsObjective[row], result.Objective[row], 1e-10);
        }
    }

    [Theory]
    [InlineData(3), InlineData(24), InlineData(61)]
    public void Published_mode_looks_at_the_whole_batch(int samples)
    {
        var (dictionary, x) = LassoData.Random(samples, 30, 45, 8);
        var (codes, iterations) = LassoData.Published(dictionary, x, 1.5);
        MapResult[] results = [.. new[] { 1, 2, 5 }.Select(threads =>
            dictionary.Problem().Solve(x.Values, MapOptions.PublishedFista(1.5) with { Threads = threads }, MapSolver.Fista))];
        Assert.All(results[0].Iterations, count => Assert.Equal(iterations, count));
        Assert.InRange((results[0].Exact(45) - codes).Largest, 0, 1e-10);
        Assert.All(results, result => Assert.Equal(results[0].ExactCodes, result.ExactCodes));
    }

    [Fact]
    public void Published_mode_stops_at_its_maximum_of_iterations()
    {
        var fixture = LassoData.Fixture();
        var result = fixture.Dictionary.Problem().Solve(fixture.X.Values, MapOptions.PublishedFista(fixture.Lambda) with { MaximumIterations = 7 }, MapSolver.Fista);
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.MaximumIterations, reason));
        Assert.All(result.Iterations, count => Assert.Equal(7, count));
    }

    [Fact]
    public void Published_mode_goes_on_from_given_codes()
    {
        var (dictionary, x) = LassoData.Random(7, 30, 45, 8);
        var start = LassoData.Random(7, 45, 1, 9).X;
        var result = dictionary.Problem().Solve(x.Values, MapOptions.PublishedFista(1.5) with { MaximumIterations = 3 }, MapSolver.Fista, start.Values);
        Assert.InRange((result.Exact(45) - LassoData.Steps(dictionary, x, 1.5, start, isAccelerated: true).ElementAt(2)).Largest, 0, 1e-10);
    }

    [Theory]
    [InlineData(MapSolver.Ista, 0), InlineData(MapSolver.Ista, 3), InlineData(MapSolver.Fista, 0), InlineData(MapSolver.Fista, 1), InlineData(MapSolver.Fista, 25)]
    public void A_number_of_steps_is_made_exactly(MapSolver method, int steps)
    {
        var (dictionary, x) = LassoData.Random(7, 30, 45, 8);
        var start = LassoData.Random(7, 45, 1, 9).X;
        var result = dictionary.Problem().Solve(x.Values, MapOptions.Steps(1.5, steps), method, start.Values);
        var expected = LassoData.Steps(dictionary, x, 1.5, start, method == MapSolver.Fista).Take(steps).LastOrDefault(start);
        Assert.InRange((result.Exact(45) - expected).Largest, 0, 1e-8);
        Assert.All(result.Iterations, count => Assert.Equal(steps, count));
        Assert.All(result.StopReason, reason => Assert.Equal(MapStopReason.MaximumIterations, reason));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(10), InlineData(25)]
    public void Steps_without_a_certificate_give_the_same_codes(int steps)
    {
        var (dictionary, x) = LassoData.Random(7, 30, 45, 8);
        var start = LassoData.Random(7, 45, 1, 9).X;
        var problem = dictionary.SingleProblem();
        foreach (float[] initial in new[] { start.Floats, [] })
        {
            var result = problem.Solve(x.Floats, MapOptions.Steps(1.5, steps), MapSolver.Fista, initial);
            Assert.Equal(result.Codes, problem.Iterate(x.Floats, 1.5, steps, initial));
            Assert.Equal(result.Codes, problem.Iterate(x.Floats, 1.5, steps, initial, threads: 1));
        }
    }

    [Fact]
    public void A_sample_that_is_finished_does_not_wait_for_the_others()
    {
        var fixture = LassoData.Fixture();
        var problem = fixture.Dictionary.Problem();
        var together = problem.Solve(fixture.X.Values, new MapOptions { Lambda = fixture.Lambda }, MapSolver.Fista);
        Assert.True(together.Iterations.Distinct().Count() > 1);
        for (int row = 0; row < fixture.Objective.Length; row++)
        {
            var alone = problem.Solve(fixture.X.Row(row), new MapOptions { Lambda = fixture.Lambda }, MapSolver.Fista);
            Assert.Equal(together.Iterations[row], alone.Iterations[0]);
            Assert.InRange((together.Exact(24).Slice(row, 1) - alone.Exact(24)).Largest, 0, 1e-10);
        }
    }
}
