using System.Runtime.Intrinsics;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Synthetic;
using VariationalSparseCoding.Tests.Metrics;
using VariationalSparseCoding.Tests.Posteriors;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests;

/// <summary>
/// The family of docs/extending.md: what only it has. The rest is covered by the tests over the table of methods, in which it has its row: its step by finite differences, equal bits at any
/// number of threads, saving and loading, encoding and decoding.
/// </summary>
public class CauchyTests
{
    private const string Method = "thresholded-cauchy";

    [Fact]
    public void A_run_trains_it_and_its_model_is_loaded()
    {
        const int D = 16;
        var set = SyntheticData.Generate(new() { Samples = 400, Dimension = D, Atoms = 24, Support = 2 }, 3);
        using var scratch = new ScratchFolder();
        using var coder = new SparseCoder(new() { Method = Method, Atoms = 24, Draws = 8, Epochs = 30, BatchSize = 50, Threads = 1 });
        coder.Fit(set.Samples, D);
        coder.Save(scratch.File("model.safetensors"));
        using var loaded = SparseCoder.Load(scratch.File("model.safetensors"));
        Assert.Equal((Method, "cauchy"), (loaded.Experiment.Method, loaded.Experiment.Posterior.Family.Name));
        float[] codes = loaded.Encode(set.Samples), decoded = loaded.Decode(codes);
        Assert.Equal(coder.Encode(set.Samples, new() { Kind = CodeKind.Map }), codes);
        double mean = set.Samples.Average(), rest = set.Samples.Zip(decoded, (x, y) => (double)(x - y) * (x - y)).Sum(), total = set.Samples.Sum(x => (x - mean) * (x - mean));
        Assert.True(rest < 0.7 * total, $"{rest / total} of the samples' variance is left");
    }

    [Fact]
    public void An_experiment_names_it()
    {
        string text = ExperimentJson.ToJson(MethodTable.Find(Method)!.Defaults()).ToJsonString();
        Assert.Contains("\"family\":\"cauchy\"", text, StringComparison.Ordinal);
        Assert.Equal(MethodTable.Find(Method)!.Defaults(), ExperimentJson.Resolve("test", ExperimentJson.ParseObject("test", System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData(0, -2.3025851)]
    [InlineData(0.3, -1)]
    [InlineData(-1.2, 0.5)]
    public void The_divergence_is_the_mean_log_ratio_of_densities(double shift, double logScale)
    {
        const double PriorScale = 0.1;
        double scale = Math.Exp(logScale);
        double[] uniform = new double[50_000];
        CounterNoise.FillUniform<double>(new(9, NoisePurpose.Evaluation, 0), 0, 0, 1, 1, uniform.Length, uniform);
        double[] ratios = Array.ConvertAll(uniform, u =>
        {
            double z = shift + scale * Math.Tan(Math.PI * (u - 0.5));
            return LogDensity(z - shift, scale) - LogDensity(z, PriorScale);
        });
        double expected = KullbackLeibler.Cauchy(shift, logScale, PriorScale);
        Statistics.AssertMean(ratios, expected);
        var (value, _, _) = CauchyBase.At(Vector512.Create((float)shift), Vector512.Create((float)logScale), (float)PriorScale);
        Assert.Equal(expected, value[0], 1e-6 * Math.Max(1, expected));

        static double LogDensity(double distance, double scale) => -Math.Log(Math.PI * scale * (1 + distance / scale * (distance / scale)));
    }

    [Fact]
    public void Noise_is_standard_up_to_its_tail_and_the_same_in_both_precisions()
    {
        float[] single = new float[40_000];
        double[] precise = new double[single.Length];
        var key = new NoiseKey(4, NoisePurpose.Evaluation, 1);
        CounterNoise.Fill<CauchyVariate, float>(key, 0, 0, 1, 1, single.Length, single, 1);
        CounterNoise.Fill<CauchyVariate, double>(key, 0, 0, 1, 1, single.Length, precise, 1);
        for (int i = 0; i < single.Length; i++) Assert.Equal(precise[i], single[i], 1e-6 * Math.Max(1, Math.Abs(precise[i])));
        double end = 1 / Math.Tan(Math.PI / 2 * CauchyVariate.TailFloor);
        Assert.Equal(end, precise.Max());
        Statistics.AssertFrequency(precise.Count(value => Math.Abs(value) == end), precise.Length, CauchyVariate.TailFloor);
        // Draws that are held at the end are spread over the tail as the distribution says, so that one test fits all.
        double[] whole = [.. precise.Select((value, i) => Math.Abs(value) < end ? value : Math.CopySign(1 / Math.Tan(Math.PI / 2 * CauchyVariate.TailFloor * (i + 0.5) / precise.Length), value))];
        Statistics.AssertDistribution(whole, value => 0.5 + Math.Atan(value) / Math.PI);
    }

    [Fact]
    public void Thresholds_leave_the_wanted_fraction_of_the_prior_active()
    {
        var defaults = MethodTable.Find(Method)!.Defaults().Posterior;
        Assert.Equal(0.1, CauchyBase.Tail(Math.Log(defaults.PriorSpread), defaults.ThresholdValue), 1e-3);
        var options = defaults.Family.WithActiveFraction(defaults with { PriorSpread = 0.3 }, 0.05);
        Assert.Equal(0.05, CauchyBase.Tail(Math.Log(0.3), options.ThresholdValue), 1e-14);
    }

    [Theory]
    [InlineData("Experiments/CauchyMethods.cs")]
    [InlineData("Posteriors/CauchyBase.cs")]
    [InlineData("CauchyRows.cs")]
    public void The_page_shows_this_family(string file) => ExtendingPage.AssertShows(file);
}
