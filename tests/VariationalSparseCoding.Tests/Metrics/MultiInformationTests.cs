using System.Globalization;
using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class MultiInformationTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public void Matches_the_reference_numbers(int edges)
    {
        var fixture = Fixtures.Read("metrics.json");
        var codes = fixture.GetProperty("codes");
        var expected = fixture.GetProperty("multi_information").GetProperty(edges.ToString(CultureInfo.InvariantCulture));
        var estimate = MultiInformation.Estimate<double>(codes.Numbers(), (int)codes.Shape()[1], edges);
        AssertClose(expected.GetProperty("marginal_bits").Numbers(), estimate.MarginalBits, 1e-9);
        Assert.Equal(expected.GetProperty("joint_bits").GetDouble(), estimate.JointBits, 1e-9);
        Assert.Equal(expected.GetProperty("multi_information_bits").GetDouble(), estimate.MultiInformationBits, 1e-9);
        Assert.Equal(Math.Log2(codes.Shape()[0]), estimate.SaturationBits, 1e-12);
    }

    [Fact]
    public void Symbols_are_half_open_intervals_with_a_symbol_for_exact_zero()
    {
        // With 5 edges: (-inf,-2) [-2,-1) [-1,-0) {0} (0,1) [1,2) [2,inf): the same symbol for a pair means zero bits, different ones mean one bit.
        foreach (var (first, second, same) in new[]
        {
            (-3.0, double.NegativeInfinity, true), (-2.0, -2.0000001, false), (-2.0, -1.5, true), (-1.0, -1.0000001, false), (-1.0, -1e-40, true), (-1e-40, 0.0, false),
            (0.0, -0.0, true), (0.0, 1e-40, false), (1e-40, 0.9999999, true), (0.9999999, 1.0, false), (1.0, 1.9999999, true), (2.0, 1.9999999, false), (2.0, double.PositiveInfinity, true),
        })
            Assert.True(same ? MultiInformation.Estimate<double>([first, second], 1, 5).JointBits == 0 : MultiInformation.Estimate<double>([first, second], 1, 5).JointBits == 1, $"{first} {second}");
    }

    [Fact]
    public void Agrees_with_a_plain_count_in_float_and_double()
    {
        double[] codes = Array.ConvertAll(SoftThreshold(Laplacians(500 * 7, 0.8, 3), 0.5), value => (double)(float)value);
        double[] edges = [.. Enumerable.Range(0, 20).Select(i => i == 19 ? 2 : -2 + i * (4.0 / 19)).Append(-1e-50).Append(1e-50).Order()];
        int[] symbols = Array.ConvertAll(codes, value => edges.Count(edge => edge <= value));
        double marginals = Enumerable.Range(0, 7).Sum(feature => Entropy(Enumerable.Range(0, 500).Select(row => symbols[row * 7 + feature])));
        double joint = Entropy(Enumerable.Range(0, 500).Select(row => string.Join(' ', symbols.Skip(row * 7).Take(7))));
        Assert.Equal(marginals - joint, MultiInformation.Estimate<double>(codes, 7).MultiInformationBits, 1e-9);
        Assert.Equal(marginals - joint, MultiInformation.Estimate<float>(Array.ConvertAll(codes, value => (float)value), 7).MultiInformationBits, 1e-9);

        static double Entropy<TSymbol>(IEnumerable<TSymbol> values) => values.GroupBy(value => value).Select(group => group.Count() / 500.0).Sum(p => -p * Math.Log2(p));
    }

    // docs/mathematics.md section 6.3: the published estimate of independent draws from the prior, where the joint entropy shows log2 N.
    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("gaussian", 733.8)]
    [InlineData("laplacian", 535.3)]
    [InlineData("thresholded-gaussian", 166.7)]
    [InlineData("thresholded-laplacian", 135.9)]
    public void Independent_draws_from_the_prior_give_the_published_numbers(string prior, double expected)
    {
        const int count = 16_000, features = 256;
        double deviation = Math.Sqrt(0.1);
        double[] codes = prior switch
        {
            "gaussian" => Array.ConvertAll(Normals(count * features, 1), value => deviation * value),
            "laplacian" => Laplacians(count * features, 0.1, 2),
            "thresholded-gaussian" => SoftThreshold(Array.ConvertAll(Normals(count * features, 3), value => deviation * value), 0.52),
            _ => SoftThreshold(Laplacians(count * features, 0.1, 4), 0.25),
        };
        var estimate = MultiInformation.Estimate<double>(codes, features);
        // The prediction takes the joint entropy to be log2 N; the plug-in falls short of it by the rows that repeat, such as the all-zero one.
        double unsaturated = estimate.MarginalBits.Sum() - estimate.SaturationBits;
        Assert.Equal(expected, unsaturated, 0.4);
        Assert.InRange(estimate.Saturation, 0.999, 1);
    }

    [Fact]
    public void Identical_columns_share_all_their_entropy()
    {
        double[] column = SoftThreshold(Laplacians(1000, 1, 5), 0.3);
        double[] codes = [.. column.SelectMany(value => new[] { value, value, value })];
        var estimate = MultiInformation.Estimate<double>(codes, 3);
        Assert.Equal(estimate.MarginalBits[0], estimate.JointBits, 1e-12);
        Assert.Equal(2 * estimate.JointBits, estimate.MultiInformationBits, 1e-12);
    }

    [Fact]
    public void Constant_codes_and_single_samples_have_no_information()
    {
        Assert.Equal(0, MultiInformation.Estimate<float>(new float[40], 4).MultiInformationBits);
        var single = MultiInformation.Estimate<float>([1, 2, 3], 3);
        Assert.Equal((0, 0, 1), (single.MultiInformationBits, single.SaturationBits, single.Saturation));
    }

    [Fact]
    public void Refuses_codes_that_are_not_numbers_and_wrong_shapes()
    {
        Assert.Contains("sample 1", Assert.Throws<InvalidInputException>(() => MultiInformation.Estimate<float>([1, 2, float.NaN, 4], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MultiInformation.Estimate<float>([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => MultiInformation.Estimate<float>([], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiInformation.Estimate<float>([1, 2], 2, 254));
    }
}
