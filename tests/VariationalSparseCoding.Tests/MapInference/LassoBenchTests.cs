using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>The patches and the trained dictionary on which solvers are timed, in float32.</summary>
public class LassoBenchTests
{
    [Theory]
    [InlineData(MapSolver.ActiveSet, 20), InlineData(MapSolver.ActiveSet, 5)]
    [InlineData(MapSolver.Homotopy, 20), InlineData(MapSolver.Homotopy, 5)]
    [InlineData(MapSolver.CoordinateDescent, 20), InlineData(MapSolver.CoordinateDescent, 5)]
    public void Every_patch_reaches_the_gap_in_single_precision(MapSolver method, double lambda)
    {
        using var scope = NewDisposeScope();
        Tensor dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy")[..400];
        using var problem = new LassoProblem(dictionary);
        using var result = problem.Solve(x, new MapOptions { Lambda = lambda }, method);
        Assert.True(result.AllConverged);
        Assert.InRange(result.MaximumRelativeGap, 0, 1e-6);
        var (objective, gap) = LassoData.PlainGap(dictionary, x, result.Codes, lambda);
        for (int row = 0; row < objective.Length; row++)
        {
            Assert.InRange(gap[row] / objective[row], -1e-14, 1e-6);
            Assert.Equal(objective[row], result.Objective[row], 1e-11 * objective[row]);
        }
    }

    [Theory]
    [InlineData(MapSolver.ActiveSet), InlineData(MapSolver.Homotopy)]
    public void Where_single_precision_cannot_reach_the_gap_double_precision_does(MapSolver method)
    {
        using var scope = NewDisposeScope();
        Tensor dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy")[..200];
        using var problem = new LassoProblem(dictionary);
        using var single = problem.Solve(x, new MapOptions { Lambda = 0.5 }, method);
        Assert.Contains(MapStopReason.Stalled, single.StopReason);
        for (int row = 0; row < single.Gap.Count; row++)
            Assert.Equal(single.Gap[row] <= 1e-6 * single.Objective[row], single.StopReason[row] == MapStopReason.Converged);
        using var exactProblem = new LassoProblem(dictionary.to(float64));
        using var exact = exactProblem.Solve(x.to(float64), new MapOptions { Lambda = 0.5 }, method);
        Assert.True(exact.AllConverged);
        Assert.InRange(exact.MaximumRelativeGap, 0, 1e-6);
        Assert.InRange(single.MeanObjective / exact.MeanObjective - 1, -1e-6, 1e-6);
    }

    [Fact]
    public void The_methods_agree()
    {
        using var scope = NewDisposeScope();
        Tensor dictionary = LassoData.Npy("dictionary.npy"), x = LassoData.Npy("patches.npy")[..50];
        using var problem = new LassoProblem(dictionary);
        double[] objectives = [.. Enum.GetValues<MapSolver>().Select(method =>
        {
            using var result = problem.Solve(x, new MapOptions { RelativeGapTolerance = 1e-5 }, method);
            Assert.True(result.AllConverged, method.ToString());
            return result.MeanObjective;
        })];
        Assert.InRange(objectives.Max() / objectives.Min(), 1, 1 + 1e-5);
    }
}
