using VariationalSparseCoding.Reproduction.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Reproduction.Tests.Metrics;

public class FeatureMomentsTests
{
    private const int Features = 5;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(300)]
    [InlineData(1000)]
    public void Are_mean_and_covariance_of_the_whole_set(int count)
    {
        // Large means: a covariance from sums of squares would lose eight digits.
        double[] set = [.. Normals(count * Features, 1).Select((value, i) => 1e4 * (i % Features) + value)];
        FeatureMoments moments = new(Features);
        moments.Add<double>(set);
        double[] mean = [.. Enumerable.Range(0, Features).Select(feature => set.Where((_, i) => i % Features == feature).Average())];
        double[] covariance = new double[Features * Features];
        foreach (double[] row in set.Chunk(Features))
            for (int i = 0; i < covariance.Length; i++) covariance[i] += (row[i / Features] - mean[i / Features]) * (row[i % Features] - mean[i % Features]) / (count - 1);
        Assert.Equal(count, moments.Count);
        AssertClose(mean, moments.Mean(), 1e-10);
        AssertClose(covariance, Covariance(moments), 1e-10);
    }

    [Fact]
    public void Do_not_depend_on_how_the_stream_is_cut()
    {
        float[] set = [.. Normals(900 * Features, 2).Select(value => (float)value)];
        FeatureMoments whole = new(Features), cut = new(Features);
        whole.Add<float>(set);
        for (int row = 0, size = 1; row < 900; row += size, size = Math.Min(size * 2, 900 - row)) cut.Add<float>(set.AsSpan(row * Features, size * Features));
        Assert.Equal(whole.Mean(), cut.Mean());
        Assert.Equal(whole.Factor(), cut.Factor());
    }

    [Fact]
    public void May_be_read_before_the_stream_ends()
    {
        double[] set = Normals(700 * Features, 3);
        FeatureMoments whole = new(Features), read = new(Features);
        whole.Add<double>(set);
        foreach (double[] part in set.Chunk(100 * Features))
        {
            read.Add<double>(part);
            read.Mean();
        }
        AssertClose(whole.Mean(), read.Mean(), 1e-14);
        AssertClose(Covariance(whole), Covariance(read), 1e-13);
    }

    [Fact]
    public void Refuse_what_is_no_number_and_say_where()
    {
        FeatureMoments moments = new(3);
        moments.Add<double>([1, 2, 3]);
        string message = Assert.Throws<InvalidInputException>(() => moments.Add<double>([4, 5, double.NaN])).Message;
        Assert.Contains("Feature 2 of sample 1", message);
        Assert.Throws<InvalidOperationException>(() => moments.Factor());
        Assert.Throws<ArgumentException>(() => moments.Add<double>([1, 2]));
    }

    /// <summary>The square of the factor, [F, F].</summary>
    private static double[] Covariance(FeatureMoments moments)
    {
        double[] factor = moments.Factor(), covariance = new double[Features * Features];
        foreach (double[] row in factor.Chunk(Features))
            for (int i = 0; i < covariance.Length; i++) covariance[i] += row[i / Features] * row[i % Features];
        return covariance;
    }
}
