using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>The patches and the trained dictionary on which solvers are timed, in float32.</summary>
public class LassoBenchTests
{
    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(MapSolver.ActiveSet, 20), InlineData(MapSolver.ActiveSet, 5)]
    [InlineData(MapSolver.Homotopy, 20), InlineData(MapSolver.Homotopy, 5)]
    [InlineData(MapSolver.CoordinateDescent, 20), InlineData(MapSolver.CoordinateDescent, 5)]
    [InlineData(MapSolver.Fista, 20), InlineData(MapSolver.Admm, 20)]
    public void Every_patch_reaches_the_gap_in_single_precision(MapSolver method, double lambda)
    {
        Matrix dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy").Slice(0, 400);
        var result = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = lambda }, method);
        Assert.True(result.AllConverged);
        Assert.InRange(result.MaximumRelativeGap, 0, 1e-6);
        var (objective, gap) = LassoData.PlainGap(dictionary, x, result.Single(256), lambda);
        for (int row = 0; row < objective.Length; row++)
        {
            Assert.Equal(gap[row], result.RoundedGap[row], 1e-10 * objective[row]);
            Assert.Equal(objective[row], result.Objective[row], 1e-6 * objective[row]);
        }
    }

    [Theory]
    [InlineData(MapSolver.ActiveSet), InlineData(MapSolver.Homotopy)]
    public void Where_the_rounding_to_single_precision_raises_the_gap_it_is_told_apart(MapSolver method)
    {
        Matrix dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy").Slice(0, 200);
        var single = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = 0.5 }, method);
        Assert.True(single.AllConverged);
        Assert.InRange(single.MaximumRelativeGap, 0, 1e-6);
        Assert.Contains(Enumerable.Range(0, single.Gap.Count), row => single.RoundedGap[row] > 1e-6 * single.Objective[row]);
        var exact = dictionary.Problem().Solve(x.Values, new MapOptions { Lambda = 0.5 }, method);
        Assert.True(exact.AllConverged);
        Assert.InRange(exact.MaximumRelativeGap, 0, 1e-6);
        Assert.InRange(single.MeanObjective / exact.MeanObjective - 1, -1e-6, 1e-6);
    }

    [Fact]
    public void The_methods_agree()
    {
        Matrix dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy").Slice(0, 50);
        var problem = dictionary.SingleProblem();
        double[] objectives = [.. Enum.GetValues<MapSolver>().Select(method =>
        {
            var result = problem.Solve(x.Floats, new MapOptions { RelativeGapTolerance = 1e-5 }, method);
            Assert.True(result.AllConverged, method.ToString());
            return result.MeanObjective;
        })];
        Assert.InRange(objectives.Max() / objectives.Min(), 1, 1 + 1e-5);
    }
}
