using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class PointBiserialCorrelationTests
{
    [Fact]
    public void Matches_the_reference_numbers()
    {
        var fixture = Fixtures.Read("metrics.json");
        var codes = fixture.GetProperty("codes");
        bool[] labels = Array.ConvertAll(fixture.GetProperty("labels").Numbers(), label => label == 1);
        AssertClose(fixture.GetProperty("point_biserial").Numbers(), PointBiserialCorrelation.Compute<double>(codes.Numbers(), (int)codes.Shape()[1], labels, 1), 1e-9);
    }

    [Fact]
    public void Is_pearsons_correlation_for_each_pair()
    {
        const int count = 30, features = 3, attributes = 2;
        double[] codes = Normals(count * features, 1);
        bool[] labels = Array.ConvertAll(Uniforms(count * attributes, 2), u => u < 0.3);
        double[] actual = PointBiserialCorrelation.Compute<double>(codes, features, labels, attributes);
        for (int feature = 0; feature < features; feature++)
            for (int attribute = 0; attribute < attributes; attribute++)
            {
                double[] x = [.. Enumerable.Range(0, count).Select(i => codes[i * features + feature])];
                double[] y = [.. Enumerable.Range(0, count).Select(i => labels[i * attributes + attribute] ? 1.0 : 0)];
                double covariance = x.Zip(y, (a, b) => (a - x.Average()) * (b - y.Average())).Sum();
                double expected = covariance / Math.Sqrt(x.Sum(a => Math.Pow(a - x.Average(), 2)) * y.Sum(b => Math.Pow(b - y.Average(), 2)));
                Assert.Equal(expected, actual[feature * attributes + attribute], 1e-12);
            }
    }

    [Fact]
    public void Is_one_for_the_attribute_itself_and_zero_for_constants()
    {
        // Features: the attribute, its opposite, a constant whose mean is not exact. Attributes: one varying, one always present.
        float[] codes = [1, -1, 0.1f, 0, 0, 0.1f, 1, -1, 0.1f];
        AssertClose([1, 0, -1, 0, 0, 0], PointBiserialCorrelation.Compute<float>(codes, 3, [true, true, false, true, true, true], 2), 1e-12);
    }
}
