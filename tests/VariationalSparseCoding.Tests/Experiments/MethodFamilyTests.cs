using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Experiments;

public class MethodFamilyTests
{
    [Fact]
    public void Every_base_distribution_has_its_family() => Assert.All(Enum.GetValues<PosteriorFamily>(), name =>
    {
        var family = MethodTable.FamilyOf(name);
        Assert.Equal(name, family.Name);
        Assert.All(MethodTable.All.Where(method => method.Defaults().Posterior.Family == name), method => Assert.Same(family, method.Family));
    });

    [Fact]
    public void Known_facts_of_the_families()
    {
        Assert.Equal([PosteriorFamily.None], Names(family => family.IsMapInference));
        Assert.Equal([PosteriorFamily.SpikeAndSlab], Names(family => family.HasSpikes));
        Assert.Equal([PosteriorFamily.Laplacian], Names(family => family.LosesNoise));

        static PosteriorFamily[] Names(Func<MethodFamily, bool> holds) => [.. Enum.GetValues<PosteriorFamily>().Where(name => holds(MethodTable.FamilyOf(name)))];
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void A_wanted_fraction_of_the_prior_is_active(double fraction)
    {
        var laplacian = With("thresholded-laplacian");
        Assert.Equal(fraction, Math.Exp(-laplacian.ThresholdValue / laplacian.PriorSpread), 1e-14);
        var gaussian = With("thresholded-gaussian");
        Assert.Equal(fraction, SpecialFunctions.Erfc(gaussian.ThresholdValue / Math.Sqrt(2 * gaussian.PriorSpread)), 1e-14);
        Assert.Equal(fraction, With("spike-and-slab").SpikePrior);

        PosteriorOptions With(string method)
        {
            var found = MethodTable.Find(method)!;
            return found.Family.WithActiveFraction(found.Defaults().Posterior with { PriorSpread = 0.3 }, fraction);
        }
    }

    [Fact]
    public void Codes_without_prior_have_no_active_fraction() =>
        Assert.Throws<ArgumentException>(() => MethodTable.FamilyOf(PosteriorFamily.None).WithActiveFraction(new(), 0.1));

    [Theory]
    [InlineData(nameof(PosteriorFamily.Gaussian), 0.4)]
    [InlineData(nameof(PosteriorFamily.SpikeAndSlab), 0.4)]
    [InlineData(nameof(PosteriorFamily.Laplacian), 0.44721359549995793)]
    public void The_spread_of_a_variance_is_as_the_prior_counts_it(string name, double spread) =>
        Assert.Equal(spread, MethodTable.FamilyOf(Enum.Parse<PosteriorFamily>(name)).SpreadOf(0.4), 1e-15);

    [Theory]
    [InlineData("fista", GeneratorKind.Linear, 0.1, 0, 1e-4)]
    [InlineData("fista", GeneratorKind.Convolutional, 1, 0, 2e-4)]
    [InlineData("gaussian", GeneratorKind.Linear, 1, 0, 2e-4)]
    [InlineData("laplacian", GeneratorKind.Linear, 0.1, 1500, 2e-4)]
    [InlineData("laplacian", GeneratorKind.Convolutional, 1, 0, 2e-4)]
    [InlineData("spike-and-slab", GeneratorKind.Linear, 0.1, 1500, 2e-4)]
    [InlineData("spike-and-slab", GeneratorKind.Convolutional, 0.1, 500, 2e-4)]
    public void Warm_ups_are_the_papers(string method, GeneratorKind generator, double initial, int start, double increment) =>
        Assert.Equal(new WarmUp { Initial = initial, Start = start, Increment = increment }, MethodTable.Find(method)!.Defaults(generator: generator).Schedule.WarmUp);
}
