using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.Metrics;
using VariationalSparseCoding.Tests.Priors;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Priors.SmallModels;

namespace VariationalSparseCoding.Tests.Objectives;

/// <summary>The importance-weighted bound as a training objective.</summary>
public class ImportanceBoundTests
{
    private const double KlWeight = 0.05;

    public static TheoryData<string> Methods => [.. Variational];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Loss_and_weights_match_the_reference(int index)
    {
        using var scope = NewDisposeScope();
        var fixture = Fixtures.Read("equations_misc.json").GetProperty("iwae")[index];
        int inputs = fixture.GetProperty("x").GetArrayLength(), atoms = fixture.GetProperty("mu").GetArrayLength();
        double klWeight = 2 * fixture.GetProperty("likelihood_variance").GetDouble() / inputs, threshold = fixture.GetProperty("threshold").GetDouble();
        var experiment = Describe("thresholded-" + fixture.GetProperty("family").GetString(), klWeight) with { Generator = new() { Atoms = atoms } };
        using var model = Model(experiment with { Posterior = experiment.Posterior with { ThresholdValue = threshold } }, inputs: inputs);
        using (no_grad()) model.Linear.Dictionary.copy_(fixture.GetProperty("dictionary").Tensor());
        HeadTensors heads = new(Row("h"), Row("mu"));

        // The noise that gives the fixture's codes: z - mu is the deviation less the threshold.
        var codes = fixture.GetProperty("z").Tensor().unsqueeze(0);
        var distance = codes - heads.Shift.unsqueeze(1);
        var scale = (heads.Scale * (experiment.Posterior.Family is LaplacianMethods ? 1 : 0.5)).exp().unsqueeze(1);
        var noise = new PosteriorNoise(where(codes.ne(0), (distance + distance.sign() * threshold) / scale, zeros_like(codes)));
        TensorAssert.Close(fixture.GetProperty("z"), model.Posterior.Sample(heads, noise, AnnealedWeights.Evaluation), 1e-12, "codes");

        var result = TrainingObjective.Evaluate(model, Row("x"), heads, noise, AnnealedWeights.Evaluation);
        Assert.Equal(fixture.GetProperty("iwae_bound").GetDouble(), -result.Loss.item<double>() / klWeight, 1e-9);
        TensorAssert.Close([.. fixture.GetProperty("log_weights").Tensor().softmax(0).data<double>()], result.Weights, 1e-9, "weights");

        Tensor Row(string name) => fixture.GetProperty(name).Tensor().unsqueeze(0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Loss_is_the_metric_of_every_family(string method)
    {
        const int rows = 3, samples = 7;
        using var scope = NewDisposeScope();
        using var model = Model(Describe(method));
        var (batch, heads, noise) = Draw(model, rows, samples);
        var result = TrainingObjective.Evaluate(model, batch, heads, noise, AnnealedWeights.Evaluation);
        var codes = model.Posterior.Sample(heads, noise, AnnealedWeights.Evaluation);
        double[] bounds = [.. Enumerable.Range(0, rows).Select(row => ImportanceWeighting.Bound<double>(LogWeights(row), samples).Single())];
        Assert.Equal(bounds.Average(), -result.Loss.item<double>() / KlWeight, 1e-9);

        double[] LogWeights(int row)
        {
            double[] ratios = LogRatios(model, codes[row], heads.Map(parameters => parameters[row]), noise.Threshold is null ? null : GammaThreshold.Sample(heads, noise.Threshold)[row]);
            double[][] reconstructions = [.. Enumerable.Range(0, samples).Select(j => Numbers(model.Generator.Decode(codes[row])[j]))];
            return [.. ratios.Zip(reconstructions, (ratio, reconstruction) => ratio + LogImportanceWeight.LogLikelihood<double>(Numbers(batch[row]), reconstruction, Inputs * KlWeight / 2))];
        }
    }

    // During the warm-up too, weights are relative to the distribution that the codes are drawn from: the mean of p/q over draws from q is 1.
    [Theory]
    [InlineData("gaussian", 0.4)]
    [InlineData("laplacian", 0.4)]
    [InlineData("thresholded-gaussian", 0.4)]
    [InlineData("thresholded-laplacian", 1)]
    [InlineData("thresholded-laplacian", 0.4)]
    [InlineData("spike-and-slab", 1)]
    [InlineData("spike-and-slab", 0.95)]
    public void Mean_weight_without_likelihood_is_one(string method, double noiseScale)
    {
        const int samples = 60_000;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(Describe(method));
        var anneal = new AnnealedWeights(noiseScale, 0.5);
        var heads = new HeadTensors(full([1, 1], Math.Log(0.25), ScalarType.Float64), full([1, 1], 0.1, ScalarType.Float64), full([1, 1], -1.5, ScalarType.Float64));
        var density = model.Posterior.CodeDensity(heads, model.Noise.Draw(new(3, NoisePurpose.Evaluation, 0), 0, heads, samples), anneal);
        var weights = (density(model.Posterior.FixedPrior) - density(model.Posterior.Annealed(heads, anneal).MapRows(Posterior.PerSample))).exp();
        double deviation = weights.std().item<double>();
        Assert.InRange(deviation, 0.05, 20);
        Assert.Equal(1, weights.mean().item<double>(), 4 * deviation / Math.Sqrt(samples));
    }

    [Theory]
    [InlineData("gaussian", PriorKind.Fixed)]
    [InlineData("laplacian", PriorKind.Fixed)]
    [InlineData("gaussian", PriorKind.Vamp)]
    [InlineData("laplacian", PriorKind.Vamp)]
    public void Gradients_without_threshold_are_true(string method, PriorKind prior)
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe(method) with { Prior = new() { Kind = prior, Components = 3 } });
        var (batch, heads, noise) = Draw(model, rows: 2, samples: 4);
        var anneal = new AnnealedWeights(0.7, 1);
        var parameters = new List<(string Name, Tensor Value)> { ("scale", heads.Scale), ("shift", heads.Shift) };
        if (prior == PriorKind.Vamp) parameters.AddRange(model.Prior.Parameters);
        var gradients = autograd.grad([Loss()], [.. parameters.Select(p => p.Value)]);
        foreach (var ((name, value), gradient) in parameters.Zip(gradients)) AssertGradient(Loss, value, gradient, name);

        Tensor Loss() => TrainingObjective.Evaluate(model, batch, heads, noise, anneal).Loss;
    }

    // With the pattern of active features held, by the rule dz/dmu = 1 alone; a learned threshold moves z and the densities.
    [Fact]
    public void Gradient_of_learned_thresholds_is_true_where_no_feature_crosses()
    {
        using var scope = NewDisposeScope();
        var experiment = Describe("thresholded-gaussian-gamma");
        using var model = Model(experiment with { Posterior = experiment.Posterior with { Estimator = GradientEstimator.Subgradient } });
        var (batch, heads, noise) = Draw(model, rows: 3, samples: 4);
        var gradients = autograd.grad([Loss()], [heads.LogRate!, heads.Scale, heads.Shift]);
        foreach (var (value, gradient) in new[] { heads.LogRate!, heads.Scale, heads.Shift }.Zip(gradients)) AssertGradient(Loss, value, gradient, "head");

        Tensor Loss() => TrainingObjective.Evaluate(model, batch, heads, noise, AnnealedWeights.Evaluation).Loss;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Bound_rises_with_the_number_of_samples(string method)
    {
        const int rows = 100, parts = 30;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(Describe(method));
        var batch = Normal(4, ScalarType.Float64, 1, Inputs).expand(rows, Inputs);
        var heads = Heads(model, 1).Map(parameters => parameters.expand(rows, Atoms).contiguous());
        var (one, errorOfOne) = Bound(1);
        var (four, errorOfFour) = Bound(4);
        var (sixteen, errorOfSixteen) = Bound(16);
        Assert.True(four - one > 4 * (errorOfOne + errorOfFour), $"{one} and {four}");
        Assert.True(sixteen - four > 4 * (errorOfFour + errorOfSixteen), $"{four} and {sixteen}");

        (double Mean, double Error) Bound(int samples)
        {
            var bounds = stack([.. Enumerable.Range(0, parts).Select(part =>
                TrainingObjective.Evaluate(model, batch, heads, Noise(model, heads, samples, (uint)(parts * samples + part)), AnnealedWeights.Evaluation).Loss / -KlWeight)]);
            return (bounds.mean().item<double>(), bounds.std().item<double>() / Math.Sqrt(parts));
        }
    }

    // Validation and evaluation draw one of the J samples by its self-normalised weight.
    [Theory]
    [InlineData(ImportanceWeights.Bound)]
    [InlineData(ImportanceWeights.SoftmaxOfLoss)]
    public void Codes_are_drawn_by_their_weights(ImportanceWeights weights)
    {
        const int rows = 4000, samples = 8;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var experiment = Describe("thresholded-laplacian", klWeight: 0.2);
        using var model = Model(experiment with { Sampling = experiment.Sampling with { ImportanceWeights = weights } }, ScalarType.Float32);
        var key = new NoiseKey(11, NoisePurpose.Evaluation, 0);
        float[] data = [.. Normal(6, ScalarType.Float32, rows, Inputs).flatten().data<float>()];
        var codes = tensor(new CodeInference(model, AnnealedWeights.Evaluation).Codes(CodeKind.AsTrained, new Rows(data), key, samples), [rows, 1, Atoms]);
        var batch = tensor(data, [rows, Inputs]);
        var heads = model.Network.forward(batch);
        var result = TrainingObjective.Evaluate(model, batch, heads, model.Noise.Draw(key, 0, heads, samples), AnnealedWeights.Evaluation);

        var found = (batch.unsqueeze(1) - model.Generator.Decode(codes)).square().mean([1, 2]);
        var difference = found - (result.Weights * result.Reconstruction).sum(1);
        double error = difference.std().item<float>() / Math.Sqrt(rows);
        Assert.Equal(0, difference.mean().item<float>(), 4 * error);
        Assert.True(Math.Abs((found - result.Reconstruction.mean([1])).mean().item<float>()) > 8 * error, "cannot be told from a uniform choice");
    }

    [Fact]
    public void Unusable_bounds_are_errors_of_the_experiment()
    {
        Assert.Empty(Describe("thresholded-laplacian").Validate());
        AssertError(Describe("thresholded-laplacian", klWeight: 0), "objective.klWeight:");
        var relaxed = Describe("spike-and-slab");
        AssertError(relaxed with { Posterior = relaxed.Posterior with { Estimator = GradientEstimator.GumbelSoftmax } }, "posterior.estimator:");
        AssertError(Describe("laplacian") with { Schedule = new() { WarmUp = new() { Initial = 0 } } }, "schedule.warmUp.initial:");
        AssertError(Describe("laplacian") with { Schedule = new() { KlWarmUp = new() { Initial = 0 } } }, "schedule.klWarmUp.initial:");

        static void AssertError(Experiment experiment, string start) =>
            Assert.StartsWith(start, Assert.Single(experiment.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_annealed_weight_is_that_of_the_bound_too()
    {
        using var scope = NewDisposeScope();
        using TorchModel model = SmallModels.Model(Describe("thresholded-laplacian", klWeight: 0.4)), lighter = SmallModels.Model(Describe("thresholded-laplacian", klWeight: 0.1));
        var batch = SmallModels.Normal(1, ScalarType.Float64, 3, SmallModels.Inputs);
        var heads = SmallModels.Heads(model, 3);
        var noise = SmallModels.Noise(model, heads, 4);
        var annealed = TrainingObjective.Evaluate(model, batch, heads, noise, AnnealedWeights.Evaluation with { KlShare = 0.25 });
        var expected = TrainingObjective.Evaluate(lighter, batch, heads, noise, AnnealedWeights.Evaluation);
        Assert.Equal(expected.Loss.item<double>(), annealed.Loss.item<double>(), 1e-12);
        TensorAssert.Close(expected.Weights.data<double>().ToArray(), annealed.Weights, 1e-12, "weights");
    }

    private static Experiment Describe(string method, double klWeight = KlWeight) => SmallModels.Describe(method) with
    {
        Sampling = new() { Selection = DrawSelection.Iwae, ImportanceWeights = ImportanceWeights.Bound },
        Objective = new() { KlWeight = klWeight },
    };

    private static (Tensor Batch, HeadTensors Heads, PosteriorNoise Noise) Draw(TorchModel model, int rows, int samples)
    {
        var heads = Heads(model, rows);
        return (Normal(5, ScalarType.Float64, rows, Inputs), heads, Noise(model, heads, samples));
    }

    /// <summary>log p(z) - log q(z|x) of one input's codes [J, d] by the metric, or by hand where it has none, [J].</summary>
    private static double[] LogRatios(TorchModel model, Tensor codes, HeadTensors heads, Tensor? thresholds)
    {
        var options = model.Experiment.Posterior;
        double[] values = Numbers(codes), means = Numbers(heads.Shift), logSpreads = Numbers(heads.Scale);
        if (options.Family.HasSpikes)
        {
            double[] spikes = Numbers(heads.Spike!);
            return [.. Enumerable.Range(0, values.Length / Atoms).Select(j => Enumerable.Range(0, Atoms).Sum(i => OfSpikeAndSlab(values[j * Atoms + i], 1 / (1 + Math.Exp(-spikes[i])), means[i], logSpreads[i])))];
        }
        var family = options.Family is GaussianMethods ? BaseFamily.Gaussian : BaseFamily.Laplacian;
        if (thresholds is null)
            return LogImportanceWeight.LogCodeRatio<double>(family, values, means, logSpreads, options.PriorSpread, options.Threshold == ThresholdKind.None ? 0 : options.ThresholdValue);
        double[] shapes = Numbers(heads.LogShape!.exp()), rates = Numbers(heads.LogRate!.exp());
        double[] given = LogImportanceWeight.LogCodeRatio<double>(family, values, means, logSpreads, options.PriorSpread, Numbers(thresholds).AsSpan());
        double[] ofThresholds = LogImportanceWeight.LogThresholdRatio<double>(Numbers(thresholds), shapes, rates, options.GammaPriorShape, options.GammaPriorShape / options.ThresholdValue);
        return [.. given.Zip(ofThresholds, (code, threshold) => code + threshold)];

        double OfSpikeAndSlab(double code, double probability, double mean, double logVariance) => code == 0
            ? Math.Log((1 - options.SpikePrior) / (1 - probability))
            : Math.Log(options.SpikePrior / probability) - code * code / (2 * options.PriorSpread) + (code - mean) * (code - mean) / (2 * Math.Exp(logVariance))
                + 0.5 * (logVariance - Math.Log(options.PriorSpread));
    }

    private static double[] Numbers(Tensor values) => [.. values.detach().flatten().contiguous().data<double>()];

    private sealed class Rows(float[] values) : ISampleSet
    {
        public int Count => values.Length / Inputs;

        public int Dimension => Inputs;

        public void CopyRows(ReadOnlySpan<int> indices, Span<float> destination)
        {
            for (int i = 0; i < indices.Length; i++) values.AsSpan(indices[i] * Inputs, Inputs).CopyTo(destination[(i * Inputs)..]);
        }

        public void Dispose() { }
    }
}
