using System.Diagnostics;
using VariationalSparseCoding.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

/// <summary>Runs alone, so that times are not those of other tests.</summary>
[CollectionDefinition("Speed of metrics", DisableParallelization = true)]
public sealed class SpeedOfMetrics;

/// <summary>The metrics at the sizes of the paper's evaluation, within about three times what they take.</summary>
[Collection("Speed of metrics")]
public class SpeedTests(ITestOutputHelper output)
{
    private static float[] SparseCodes(int count) => Array.ConvertAll(SoftThreshold(Laplacians(count, 0.1, 6), 0.25), value => (float)value);

    [Fact]
    public void Multi_information_of_16000_codes()
    {
        float[] codes = SparseCodes(16_000 * 256);
        AssertFast(0.9, () => MultiInformation.Estimate<float>(codes, 256));
    }

    [Fact]
    public void Jaccard_index_of_20_passes_over_2000_inputs()
    {
        float[] codes = [.. Enumerable.Repeat(SparseCodes(2000 * 256), 20).SelectMany(pass => pass)];
        bool[] used = [.. Enumerable.Repeat(true, 256)];
        AssertFast(3 * 2000 / 16_000.0, () => JaccardConsistency.PerInput<float>(codes, 20, used));
    }

    [Fact]
    public void Objective_of_16000_codes()
    {
        float[] samples = new float[16_000 * 256], dictionary = new float[256 * 256], codes = SparseCodes(16_000 * 256);
        AssertFast(1.5, () => SparseCodingObjective.Compute<float>(samples, 256, dictionary, codes, 256));
    }

    [Fact]
    public void Moments_of_ten_gradients_of_an_inference_network()
    {
        float[] gradient = new float[1_500_000];
        var moments = new RunningMoments(gradient.Length);
        AssertFast(0.4, () =>
        {
            for (int pass = 0; pass < 10; pass++) moments.Add(gradient);
        });
    }

    [Fact]
    public void Gabor_fits_of_256_atoms_which_are_the_same_every_time()
    {
        double[] dictionary = Normals(256 * 256, 4);
        GaborFit[] first = [], last = [];
        AssertFast(5, () => (first, last) = (last, GaborFitting.Fit<double>(dictionary, 256, 16)));
        Assert.Equal(first, last);
    }

    private void AssertFast(double seconds, Action action)
    {
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < 3; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        output.WriteLine($"{best:F3} s");
        Assert.InRange(best, 0, seconds);
    }
}
