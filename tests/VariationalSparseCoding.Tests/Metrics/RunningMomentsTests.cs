using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class RunningMomentsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2500)]
    public void Agree_with_two_passes_over_stored_vectors(int length)
    {
        const int count = 30;
        // A mean far above the deviation is where one-pass sums of squares lose everything.
        float[][] vectors = [.. Enumerable.Range(0, count).Select(i => Array.ConvertAll(Normals(length, (ulong)i), value => (float)(1000 + value)))];
        var single = new RunningMoments(length);
        var twice = new RunningMoments(length);
        foreach (float[] vector in vectors)
        {
            single.Add(vector);
            twice.Add(Array.ConvertAll(vector, value => (double)value));
        }
        double[] variances = new double[length];
        single.CopyVariance(variances);
        Assert.Equal(count, single.Count);
        Assert.Equal(single.Mean.ToArray(), twice.Mean.ToArray());
        for (int i = 0; i < length; i++)
        {
            double mean = vectors.Average(vector => (double)vector[i]);
            Assert.Equal(mean, single.Mean[i], 1e-10);
            Assert.Equal(vectors.Average(vector => (vector[i] - mean) * (vector[i] - mean)), variances[i], 1e-10);
        }
    }

    [Fact]
    public void Constant_vectors_have_no_variance_and_an_empty_stream_none_defined()
    {
        var moments = new RunningMoments(3);
        double[] variances = new double[3];
        moments.CopyVariance(variances);
        Assert.All(variances, variance => Assert.True(double.IsNaN(variance)));
        for (int i = 0; i < 10; i++) moments.Add([0.1, -3, 0]);
        moments.CopyVariance(variances);
        AssertClose([0, 0, 0], variances, 1e-30);
        AssertClose([0.1, -3, 0], moments.Mean.ToArray(), 1e-15);
        Assert.Throws<ArgumentException>(() => moments.Add([1.0]));
    }

    [Fact]
    public void Signal_to_noise_is_the_mean_ratio_without_undefined_parameters()
    {
        var gradients = new RunningMoments(4);
        gradients.Add([1.0, -3, double.NaN, 2]);
        gradients.Add([3.0, -3, 1, -2]);
        // Ratios: 2/1, 3/1e-9, undefined, 0/2.
        Assert.Equal((2 / (1 + 1e-9) + 3e9 + 0) / 3, GradientSignalToNoise.Mean(gradients), 1e-3);
        Assert.Equal(2 / (1 + 1e-9), GradientSignalToNoise.Median(gradients), 1e-9);
        Assert.True(double.IsNaN(GradientSignalToNoise.Mean(new RunningMoments(2))) && double.IsNaN(GradientSignalToNoise.Median(new RunningMoments(2))));
    }

    [Fact]
    public void Signal_to_noise_of_known_noise()
    {
        const int parameters = 2000, passes = 400;
        var gradients = new RunningMoments(parameters);
        for (int pass = 0; pass < passes; pass++) gradients.Add(Array.ConvertAll(Normals(parameters, (ulong)pass), value => 1e-3 * (2 + value)));
        // E[sample mean / population std] is 2 (1 + 3/(4 passes)); its error is sqrt((1 + 2^2/2)/passes/parameters).
        Assert.Equal(2 * (1 + 0.75 / passes), GradientSignalToNoise.Mean(gradients), 4 * Math.Sqrt(3.0 / passes / parameters));
    }
}
