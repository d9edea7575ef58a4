using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Experiments;

public class MethodFamilyTests
{
    [Fact]
    public void Every_family_is_found_by_its_name()
    {
        Assert.Equal(["none", "gaussian", "laplacian", "spike-and-slab", "autoencoder", "cauchy"], MethodTable.Families.Select(family => family.Name));
        Assert.All(MethodTable.All, method => Assert.Same(method.Family, MethodTable.FindFamily(method.Family.Name)));
        Assert.Null(MethodTable.FindFamily("normal"));
    }

    [Theory]
    [InlineData("\"normal\""), InlineData("1"), InlineData("null")]
    public void Another_name_is_refused_with_those_that_there_are(string name)
    {
        string message = Assert.Throws<InvalidInputException>(() => Resolve($$"""{ "posterior": { "family": {{name}} } }""")).Message;
        Assert.Equal($"test: posterior.family: must be one of none, gaussian, laplacian, spike-and-slab, autoencoder, cauchy, not {name}", message);
    }

    [Fact]
    public void A_family_is_fixed_by_its_method()
    {
        Assert.Equal(MethodTable.Default.Defaults(), Resolve("""{"posterior": {"family": "laplacian"}}"""));
        Assert.Equal("test: posterior.family: is fixed by method 'thresholded-laplacian': leave it out",
            Assert.Throws<InvalidInputException>(() => Resolve("""{"posterior": {"family": "gaussian"}}""")).Message);
    }

    private static Experiment Resolve(string json) => ExperimentJson.Resolve("test", ExperimentJson.ParseObject("test", System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Known_facts_of_the_families()
    {
        Assert.Equal(["none"], Names(family => family.IsMapInference));
        Assert.Equal(["spike-and-slab"], Names(family => family.HasSpikes));
        Assert.Equal(["laplacian", "cauchy"], Names(family => family.LosesNoise));

        static string[] Names(Func<MethodFamily, bool> holds) => [.. MethodTable.Families.Where(holds).Select(family => family.Name)];
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
        Assert.Throws<ArgumentException>(() => MethodTable.FindFamily("none")!.WithActiveFraction(new(), 0.1));

    [Theory]
    [InlineData("gaussian", 0.4)]
    [InlineData("spike-and-slab", 0.4)]
    [InlineData("laplacian", 0.44721359549995793)]
    public void The_spread_of_a_variance_is_as_the_prior_counts_it(string name, double spread) =>
        Assert.Equal(spread, MethodTable.FindFamily(name)!.SpreadOf(0.4), 1e-15);

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
