using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class JaccardConsistencyTests
{
    [Fact]
    public void Matches_the_reference_numbers()
    {
        var fixture = Fixtures.Read("metrics.json");
        var supports = fixture.GetProperty("supports");
        long[] shape = supports.Shape();
        bool[] all = [.. Enumerable.Repeat(true, (int)shape[2])];
        double[] expected = fixture.GetProperty("mean_pairwise_jaccard").Numbers();
        AssertClose(expected, JaccardConsistency.PerInput<double>(supports.Numbers(), (int)shape[1], all), 1e-9);
        AssertClose(expected, JaccardConsistency.PerInput<float>(Array.ConvertAll(supports.Numbers(), value => -(float)value), (int)shape[1], all), 1e-9);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(133)]
    public void Agrees_with_sets(int features)
    {
        const int inputs = 5, passes = 4;
        double[] codes = SoftThreshold(Normals(inputs * passes * features, 7), 1);
        bool[] used = [.. Uniforms(features, 8).Select(u => u < 0.7)];
        double[] expected = [.. Enumerable.Range(0, inputs).Select(input => (
            from m in Enumerable.Range(0, passes)
            from n in Enumerable.Range(0, passes)
            where m != n
            let first = Support(input, m)
            let second = Support(input, n)
            select first.Union(second).Any() ? (double)first.Intersect(second).Count() / first.Union(second).Count() : 1).Average())];
        AssertClose(expected, JaccardConsistency.PerInput<double>(codes, passes, used), 1e-12);
        AssertClose(expected, JaccardConsistency.PerInput<float>(Array.ConvertAll(codes, value => (float)value), passes, used), 1e-12);

        IEnumerable<int> Support(int input, int pass) => Enumerable.Range(0, features).Where(i => used[i] && codes[(input * passes + pass) * features + i] != 0);
    }

    [Fact]
    public void Empty_supports_agree_and_an_empty_one_shares_nothing_with_another()
    {
        bool[] used = [true, true];
        Assert.Equal([1.0], JaccardConsistency.PerInput<float>([0, -0f, 0, 0], 2, used));
        Assert.Equal([0.0], JaccardConsistency.PerInput<float>([0, 0, 1, 0], 2, used));
        Assert.Equal([1.0], JaccardConsistency.PerInput<float>([0, 3, 1, -2], 2, [false, true]));
        Assert.Throws<ArgumentOutOfRangeException>(() => JaccardConsistency.PerInput<float>([1, 1], 1, [true, true]));
    }

    [Fact]
    public void Used_features_have_a_squared_norm_above_the_threshold() =>
        Assert.Equal([true, false, true], JaccardConsistency.UsedFeatures<double>([0.3, 0.3, 1, 0.3, 0, 0], 3));
}
