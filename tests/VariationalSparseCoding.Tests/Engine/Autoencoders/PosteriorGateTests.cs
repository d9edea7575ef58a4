using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Engine;

public class PosteriorGateTests
{
    private const int Batch = 14, D = 9, Atoms = 24, Active = 3;
    private const double Weight = 0.3;

    private static Experiment Describe(string method, string threshold, Func<SparsityOptions, SparsityOptions>? with = null, int draws = 1)
    {
        var defaults = MethodTable.Find(method)!.Defaults();
        var sparsity = new SparsityOptions { Active = Active, AuxiliaryWeight = 0, GateWidth = 0.2, GateWeight = Weight };
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Sparsity = with is null ? sparsity : with(sparsity),
            Schedule = defaults.Schedule with { BatchSize = Batch },
            Posterior = defaults.Posterior with { Threshold = Enum.Parse<ThresholdKind>(threshold), ThresholdValue = 1.5 },
            Sampling = defaults.Sampling with { Draws = draws },
            Seed = 5,
        };
        Assert.Empty(experiment.Validate());
        return experiment;
    }

    private static AutoencoderModel Model(Experiment experiment)
    {
        var model = new AutoencoderModel(experiment, Preprocessing.OfVectors(D));
        model.Initialise();
        return model;
    }

    private static float[] Samples(int step) => Array.ConvertAll(RandomNumbers.Normal(step, Batch * D), value => value + 0.5f);

    /// <summary>
    /// The loss of which the step's gradient is one: a code is h where it is active, and changes with P(active) as if it were h times a weight of that, while thresholds of batches and samples
    /// move so that the sum of P(active) stays.
    /// </summary>
    [Theory]
    [InlineData("gaussian-gate", "Batch", false, false)]
    [InlineData("gaussian-gate", "Batch", true, false)]
    [InlineData("gaussian-gate", "Fixed", false, true)]
    [InlineData("gaussian-gate", "Sample", false, false)]
    [InlineData("gaussian-gate", "Sample", true, false)]
    [InlineData("gaussian-gate", "Fixed", false, false)]
    [InlineData("gaussian-gate", "Learned", false, false)]
    [InlineData("gaussian-gate", "Learned", true, false)]
    [InlineData("laplacian-gate", "Batch", false, false)]
    [InlineData("laplacian-gate", "Sample", false, false)]
    [InlineData("laplacian-gate", "Learned", false, false)]
    public void Gradients_are_those_of_finite_differences(string method, string threshold, bool twoSided, bool soft)
    {
        double width = method == "laplacian-gate" ? 0.1 : 0.2;
        var experiment = Describe(method, threshold, sparsity => sparsity with { TwoSided = twoSided, SoftValues = soft, GateWidth = width });
        using var model = Model(experiment);
        float[] x = Samples(1);
        using (var begun = new AutoencoderStep(experiment, model.Parameters, isCentred: false)) begun.Apply(x, 0, 1e-2, 1);
        double energy = Energy(x, model.Parameters.Offset.All.ToArray());
        double[] given = model.Parameters.Threshold is { } own ? Array.ConvertAll(own.All.ToArray(), value => (double)value) : [];
        var start = new ReferenceAutoencoder(model.Parameters, Active, Batch).Inputs(x);
        var gate = new Surrogate(method == "gaussian-gate" ? Normal : Laplace, threshold, twoSided, soft, width, start, given, energy);
        var reference = new ReferenceAutoencoder(model.Parameters, Active, Batch, posterior: gate.Codes);
        var gradients = reference.Gradients(x);
        double[]? byThreshold = threshold == "Learned" ? reference.ThresholdGradient(x) : null;
        using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
        step.Apply(x, 1, 0, 1);
        var means = step.State.ToDictionary(part => part.Name, part => part.Value.All.ToArray());
        foreach (var (name, gradient) in gradients) AssertClose(name, gradient, means);
        if (byThreshold is not null) AssertClose("encoder.threshold", byThreshold, means);
    }

    private static void AssertClose(string name, double[] gradient, Dictionary<string, float[]> means)
    {
        double largest = gradient.Max(Math.Abs);
        Assert.True(largest > 1e-4, name);
        for (int i = 0; i < gradient.Length; i++)
        {
            double found = means["momentum." + name][i] / 0.1;
            Assert.True(Math.Abs(gradient[i] - found) <= 5e-4 * largest, $"{name}[{i}]: {found}, not {gradient[i]} (largest {largest})");
        }
    }

    private static double Energy(float[] x, float[] offset)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += Math.Pow(x[i] - offset[i % D], 2);
        return sum / Batch;
    }

    private static double Normal(double noise) => 0.5 * SpecialFunctions.Erfc(noise / Math.Sqrt(2));

    private static double Laplace(double noise) => noise > 0 ? 0.5 * Math.Exp(-noise) : 1 - 0.5 * Math.Exp(noise);

    /// <summary>Codes near h's start, from which active features and scales are taken.</summary>
    private sealed class Surrogate
    {
        private readonly Func<double, double> upper;
        private readonly string threshold;
        private readonly bool soft;
        private readonly double energy;
        private readonly double[] start, lambda, scales, probabilities;
        private readonly bool[] isActive, isNear;
        private readonly Func<double, double> size;

        public Surrogate(Func<double, double> upper, string threshold, bool twoSided, bool soft, double width, double[] start, double[] given, double energy)
        {
            (this.upper, this.threshold, this.soft, this.energy, this.start) = (upper, threshold, soft, energy, start);
            size = twoSided ? Math.Abs : value => Math.Max(0, value);
            double[] sizes = Array.ConvertAll(start, value => size(value));
            double reach = upper(6) < 1e-6 ? 3 : 6;
            lambda = threshold switch
            {
                "Batch" => [.. Enumerable.Repeat(sizes.OrderDescending().ElementAt(Active * Batch - 1), start.Length)],
                "Sample" => [.. Enumerable.Range(0, Batch).SelectMany(row => Enumerable.Repeat(Middle(sizes.AsSpan(row * Atoms, Atoms).ToArray()), Atoms))],
                _ => [.. Enumerable.Range(0, start.Length).Select(i => given[i % Atoms])],
            };
            scales = threshold == "Sample" ? Array.ConvertAll(lambda, value => width * value) : [.. Enumerable.Range(0, start.Length).Select(i => width * given[i % Atoms])];
            isActive = [.. sizes.Select((value, i) => threshold == "Batch" ? value >= lambda[i] : value > lambda[i])];
            // Of a sample only so many values take part.
            double[] least = [.. Enumerable.Range(0, Batch).Select(row => threshold == "Sample" ? sizes[(row * Atoms)..((row + 1) * Atoms)].OrderDescending().ElementAt(4 * Active - 1) : 0)];
            isNear = [.. sizes.Select((value, i) => value > 0 && Math.Abs(value - lambda[i]) < reach * scales[i] && value >= least[i / Atoms])];
            probabilities = [.. Enumerable.Range(0, start.Length).Select(i => Probability(start[i], i, lambda[i]))];
        }

        public (double[] Codes, double Penalty) Codes(double[] h, double[] thresholds)
        {
            double[] moved = threshold switch
            {
                "Batch" => [.. Enumerable.Repeat(Solve(h, 0, h.Length), h.Length)],
                "Sample" => [.. Enumerable.Range(0, Batch).SelectMany(row => Enumerable.Repeat(Solve(h, row * Atoms, (row + 1) * Atoms), Atoms))],
                _ => [.. Enumerable.Range(0, h.Length).Select(i => thresholds[i % Atoms])],
            };
            double[] codes = new double[h.Length];
            double expected = 0;
            for (int i = 0; i < h.Length; i++)
            {
                double probability = isNear[i] ? Probability(h[i], i, moved[i]) : probabilities[i];
                // The threshold that is taken off a code is held.
                codes[i] = (isActive[i] ? Value(h[i], i) : 0) + Weight * Value(start[i], i) * (probability - probabilities[i]);
                if (size(start[i]) > lambda[i] - 6 * scales[i]) expected += isNear[i] || isActive[i] ? probability : 0;
            }
            return (codes, threshold == "Learned" ? ActivityTarget.PenaltyShare * energy * Math.Pow(expected / Batch / Active - 1, 2) : 0);
        }

        private double Value(double h, int i) => soft ? h - Math.CopySign(lambda[i], h) : h;

        private double Probability(double h, int i, double threshold) => upper((threshold - size(h)) / scales[i]);

        private static double Middle(double[] sizes)
        {
            double[] sorted = [.. sizes.OrderDescending()];
            return (sorted[Active - 1] + sorted[Active]) / 2;
        }

        // The threshold at which the near entries' probabilities have the sum that they had.
        private double Solve(double[] h, int first, int end)
        {
            double wanted = 0;
            for (int i = first; i < end; i++) wanted += isNear[i] ? probabilities[i] : 0;
            double low = lambda[first] - 1e-3, high = lambda[first] + 1e-3;
            for (int round = 0; round < 36; round++)
            {
                double middle = (low + high) / 2, sum = 0;
                for (int i = first; i < end; i++) sum += isNear[i] ? Probability(h[i], i, middle) : 0;
                if (sum > wanted) low = middle;
                else high = middle;
            }
            return (low + high) / 2;
        }
    }

    [Theory]
    [InlineData("Batch", 0)]
    [InlineData("Batch", 1)]
    [InlineData("Sample", 1)]
    [InlineData("Learned", 0)]
    public void A_step_that_takes_over_the_state_goes_on_as_the_one_before(string threshold, double noise)
    {
        var experiment = Describe("gaussian-gate", threshold, sparsity => sparsity with { GateNoise = noise, GateWidth = 0.1 }, draws: 2);
        experiment = experiment with { Generator = experiment.Generator with { Atoms = 300 } };
        float[][] ends = [.. new[] { false, true }.Select(isResumed =>
        {
            using var model = Model(experiment);
            var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
            for (int number = 0; number < 8; number++)
            {
                if (isResumed && number == 4)
                {
                    var before = step;
                    step = new(experiment, model.Parameters, isCentred: false);
                    foreach (var (part, taken) in step.State.Zip(before.State)) taken.Value.All.CopyTo(part.Value.All);
                    before.Dispose();
                }
                step.Apply(Samples(number), number, 1e-2, 0.1 * number + 0.01);
            }
            float[] end = [.. model.Dictionary(), .. model.Parameters.All.SelectMany(parameter => parameter.Value.All.ToArray()), .. step.State.SelectMany(part => part.Value.All.ToArray())];
            step.Dispose();
            return end;
        })];
        Assert.Equal(ends[0], ends[1]);
    }

    [Theory]
    [InlineData("gaussian-gate", "Batch")]
    [InlineData("laplacian-gate", "Batch")]
    [InlineData("gaussian-gate", "Sample")]
    public void Thresholds_keep_the_number_of_active_features(string method, string threshold)
    {
        foreach (int draws in new[] { 1, 3 })
        {
            var experiment = Describe(method, threshold, sparsity => sparsity with { GateNoise = 1, GateNoiseEnd = 1 }, draws);
            using var model = Model(experiment);
            using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
            for (int number = 0; number < 8; number++)
            {
                double active = step.Apply(Samples(number), number, 1e-2, 0.1).Active;
                // With several draws a batch's threshold is that of the first ones.
                if (threshold == "Sample" || draws == 1) Assert.Equal(Active, active, 1e-9);
                else Assert.InRange(active, 0.8 * Active, 1.3 * Active);
            }
        }
    }

    [Fact]
    public void Of_several_draws_the_best_one_is_used_and_noise_ends()
    {
        double[] errors = [.. new[] { 1, 8 }.Select(draws =>
        {
            var experiment = Describe("gaussian-gate", "Sample", sparsity => sparsity with { GateNoise = 2, GateNoiseEnd = 0.5 }, draws);
            using var model = Model(experiment);
            using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
            step.Apply(Samples(0), 0, 0, 0.01);
            return step.Apply(Samples(1), 1, 0, 0.01).SquaredError;
        })];
        Assert.InRange(errors[1], 0, 0.98 * errors[0]);
        var quiet = new[] { 0.0, 2.0 }.Select(noise =>
        {
            var experiment = Describe("gaussian-gate", "Sample", sparsity => sparsity with { GateNoise = noise, GateNoiseEnd = 0.5 });
            using var model = Model(experiment);
            using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
            step.Apply(Samples(0), 0, 0, 0.6);
            return step.Apply(Samples(1), 1, 0, 0.6).SquaredError;
        });
        Assert.Single(quiet.Distinct());
    }

    [Theory]
    [InlineData("gaussian-gate", "Batch", false)]
    [InlineData("gaussian-gate", "Fixed", true)]
    [InlineData("laplacian-gate", "Batch", false)]
    [InlineData("laplacian-gate", "Sample", true)]
    public void Probabilities_are_the_shares_of_draws_that_are_active(string method, string threshold, bool twoSided)
    {
        const int Draws = 20_000;
        var experiment = Describe(method, threshold, sparsity => sparsity with { TwoSided = twoSided, GateWidth = 0.3 });
        using var model = Model(experiment);
        model.Parameters.Threshold?.All.Fill(1.2f);
        var gate = Gate.Create(model.Parameters, experiment);
        float[] h = RandomNumbers.Normal(3, Atoms), probabilities = new float[Atoms], code = new float[Atoms];
        gate.Probabilities(h, new(), probabilities);
        gate.Encode(h, new(), code);
        double[] sizes = [.. h.Select(value => (double)(twoSided ? Math.Abs(value) : value))];
        double lambda = threshold == "Sample" ? sizes.OrderDescending().Skip(Active - 1).Take(2).Average() : 1.2;
        var random = new System.Random(1);
        for (int feature = 0; feature < Atoms; feature++)
        {
            int count = 0;
            for (int draw = 0; draw < Draws; draw++)
            {
                double noise = method == "gaussian-gate" ? Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
                    : Math.CopySign(Math.Log(1 - random.NextDouble()), random.NextDouble() - 0.5);
                double s = h[feature] + 0.3 * lambda * noise;
                if ((twoSided ? Math.Abs(s) : s) > lambda) count++;
            }
            Assert.Equal((double)count / Draws, probabilities[feature], 4 * 0.5 / Math.Sqrt(Draws));
            // The code's features are those that are more probably active than not.
            Assert.Equal(probabilities[feature] > 0.5, code[feature] != 0);
        }
    }

    [Theory]
    [InlineData("gaussian-gate", "posterior.threshold", "must be 'batch', 'sample', 'learned' or 'fixed'", true)]
    [InlineData("thresholded-gaussian", "posterior.estimator", "'probability' needs a method whose threshold stands around zero", false)]
    [InlineData("gaussian-gate", "sparsity.gateWidth", "must lie between 0.001 and 1", false)]
    public void What_does_not_go_together_is_named(string method, string path, string message, bool wrongThreshold)
    {
        var defaults = MethodTable.Find(method)!.Defaults();
        var experiment = defaults with
        {
            Posterior = wrongThreshold ? defaults.Posterior with { Threshold = ThresholdKind.Gamma } : defaults.Posterior with { Estimator = GradientEstimator.Probability },
            Sparsity = new() { GateWidth = 2 },
        };
        Assert.Contains(experiment.Validate(), line => line.StartsWith(path, StringComparison.Ordinal) && line.Contains(message, StringComparison.Ordinal));
    }
}
