using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Experiments;

public class MethodTableTests
{
    public static IEnumerable<object[]> Methods =>
        from method in MethodTable.All from fidelity in Enum.GetValues<Fidelity>() select new object[] { method.Name, fidelity };

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_defaults_are_valid(string name, Fidelity fidelity)
    {
        var defaults = MethodTable.Find(name)!.Defaults(fidelity);
        Assert.Empty(defaults.Validate());
        Assert.Equal((name, fidelity), (defaults.Method, defaults.Fidelity));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fidelity_chooses_a_side_of_each_disagreement(string name, Fidelity fidelity)
    {
        var defaults = MethodTable.Find(name)!.Defaults(fidelity);
        var expected = fidelity == Fidelity.Published
            ? (ShiftGradient.OnePlusActive, SubgradientScale.SquaredScale, SpikeLogit.LogProbability, ImportanceWeights.SoftmaxOfLoss)
            : (ShiftGradient.One, SubgradientScale.Scale, SpikeLogit.LogOdds, ImportanceWeights.Bound);
        Assert.Equal(expected, (defaults.Posterior.ShiftGradient, defaults.Posterior.SubgradientScale, defaults.Posterior.SpikeLogit, defaults.Sampling.ImportanceWeights));
    }

    [Fact]
    public void The_table_is_that_of_the_paper()
    {
        string[] names = ["fista", "gaussian", "laplacian", "spike-and-slab", "thresholded-gaussian", "thresholded-gaussian-gamma", "thresholded-laplacian", "thresholded-laplacian-gamma"];
        Assert.Equal(names, MethodTable.OfPaper.Select(method => method.Name));
        Assert.Equal(names, MethodTable.All.Take(names.Length).Select(method => method.Name));
        Assert.Equal("thresholded-laplacian", MethodTable.Default.Name);
        Assert.Null(MethodTable.Find("Fista"));
        Assert.Equal(["fista"], MethodTable.All.Where(method => method.IsMapInference).Select(method => method.Name));
        foreach (var method in MethodTable.All)
        {
            Assert.Equal(method.HasPosteriorGate || method.Name.StartsWith("thresholded", StringComparison.Ordinal), method.Threshold != ThresholdKind.None);
            Assert.Equal(method.Name.EndsWith("gamma", StringComparison.Ordinal), method.Threshold == ThresholdKind.Gamma);
            Assert.Equal(method.IsMapInference ? 1e-3 : 1e-4, method.Defaults().Objective.DictionaryPenalty);
        }
    }

    [Fact]
    public void A_method_that_is_known_already_is_passed_over()
    {
        var before = MethodTable.All;
        MethodTable.Register(new Method("fista", "Another", new LaplacianMethods(), ThresholdKind.None, "another"));
        Assert.Equal(before, MethodTable.All);
    }

    [Fact]
    public void Fixed_thresholds_leave_the_published_share_of_the_prior_active()
    {
        // exp(-l0/b0) of a Laplacian and 2(1 - Phi(l0/s0)) of a Gaussian, at b0 = s0^2 = 0.1.
        var laplacian = MethodTable.Find("thresholded-laplacian")!.Defaults().Posterior;
        Assert.Equal(0.0821, Math.Exp(-laplacian.ThresholdValue / laplacian.PriorSpread), 1e-4);
        var gaussian = MethodTable.Find("thresholded-gaussian")!.Defaults().Posterior;
        Assert.Equal(0.1, SpecialFunctions.Erfc(gaussian.ThresholdValue / Math.Sqrt(2 * gaussian.PriorSpread)), 1e-3);
    }
}
