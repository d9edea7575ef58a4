using System.Runtime.InteropServices;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>The managed engine's step against tensors and autograd: the same noise, one rule of activity.</summary>
public class ManagedStepTests
{
    private const int Batch = 7, Inputs = 30, Atoms = 45;
    private static readonly NoiseKey Key = new(3, NoisePurpose.Training, 17);
    private static readonly AnnealedWeights Annealed = new(0.3, 0.7);

    public static TheoryData<string, string, string, string, int> Cases()
    {
        var data = new TheoryData<string, string, string, string, int>();
        foreach (var method in MethodTable.All.Where(method => method.IsVariational))
            foreach (var fidelity in Enum.GetValues<Fidelity>())
                foreach (var estimator in new[] { GradientEstimator.StraightThrough, GradientEstimator.Subgradient })
                    foreach (var selection in Enum.GetValues<DrawSelection>())
                        foreach (int samples in new[] { 1, 2, 20 })
                            if (estimator == GradientEstimator.StraightThrough || method.Threshold != ThresholdKind.None)
                                data.Add(method.Name, fidelity.ToString(), estimator.ToString(), selection.ToString(), samples);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_autograd(string method, string fidelity, string estimator, string selection, int samples)
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find(method)!.Defaults(Enum.Parse<Fidelity>(fidelity));
        using var model = Model(defaults with
        {
            Posterior = defaults.Posterior with { Estimator = Enum.Parse<GradientEstimator>(estimator) },
            Sampling = new() { Draws = samples, Selection = Enum.Parse<DrawSelection>(selection), ImportanceWeights = ImportanceWeights.SoftmaxOfLoss },
        });
        AssertSameGradients(model, Normal(1, Batch, Inputs));
    }

    [Theory]
    [InlineData("laplacian", 1)]
    [InlineData("thresholded-laplacian", 20)]
    [InlineData("thresholded-gaussian-gamma", 2)]
    [InlineData("spike-and-slab", 2)]
    public void The_KL_counts_with_its_annealed_weight(string method, int samples)
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find(method)!.Defaults() with { Sampling = new() { Draws = samples } };
        var annealed = Annealed with { KlShare = 0.3 };
        using TorchModel model = Model(defaults), lighter = Model(defaults with { Objective = defaults.Objective with { KlWeight = 0.3 * defaults.Objective.KlWeight } });
        var batch = Normal(1, Batch, Inputs);
        AssertSameGradients(model, batch, annealed);
        using LinearStep step = Step(model), lighterStep = Step(lighter);
        var terms = step.Differentiate(Floats(batch), Key, annealed).Values;
        Assert.Equal(terms[1] + 0.3 * defaults.Objective.KlWeight * terms[2], terms[0], 1e-6);
        Assert.Equal(terms, lighterStep.Differentiate(Floats(batch), Key, Annealed).Values);
        foreach (var (gradient, expected) in step.Gradients.Zip(lighterStep.Gradients)) TensorAssert.Close(Numbers(ToTensor(expected)), ToTensor(gradient), 1e-6, "gradients");
    }

    [Theory]
    [InlineData("gaussian", "Max")]
    [InlineData("thresholded-laplacian", "Average")]
    public void Many_samples_are_worked_on_in_pieces(string method, string selection)
    {
        using var scope = NewDisposeScope();
        using var model = Model(MethodTable.Find(method)!.Defaults() with { Sampling = new() { Draws = 200, Selection = Enum.Parse<DrawSelection>(selection) } });
        AssertSameGradients(model, Normal(1, Batch, Inputs));
    }

    [Theory]
    [InlineData("thresholded-laplacian", -1)]
    [InlineData("thresholded-laplacian", 0)]
    [InlineData("thresholded-laplacian", 1)]
    [InlineData("thresholded-gaussian", -1)]
    [InlineData("thresholded-gaussian", 0)]
    [InlineData("thresholded-gaussian", 1)]
    public void Ties_and_near_ties_of_the_threshold_are_settled_alike(string method, int bits)
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find(method)!.Defaults() with { Sampling = new() { Draws = 2 } };
        using var probe = Model(defaults);
        var heads = probe.Network.forward(Normal(1, Batch, Inputs));
        var free = Posterior.Create(defaults.Posterior with { Threshold = ThresholdKind.None });
        var deviations = free.Sample(heads, probe.Noise.Draw(Key, 0, heads, 2), Annealed) - Posterior.PerSample(heads.Shift);
        // The threshold is a deviation as it is computed, scale times noise, or one of its neighbours.
        var scale = defaults.Posterior.Family is GaussianMethods ? (heads.Scale * 0.5).exp() : heads.Scale.exp() * Annealed.NoiseScale;
        float tie = Math.Abs((scale[2, 3] * probe.Noise.Draw(Key, 0, heads, 2).Base[2, 1, 3]).item<float>());
        Assert.Equal(tie, Math.Abs(deviations[2, 1, 3].item<float>()), 1e-6);
        float threshold = bits < 0 ? MathF.BitDecrement(tie) : bits > 0 ? MathF.BitIncrement(tie) : tie;
        using var model = Model(defaults with { Posterior = defaults.Posterior with { ThresholdValue = threshold } });
        AssertSameGradients(model, Normal(1, Batch, Inputs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public void Any_number_of_threads_gives_the_gradients_of_autograd(int threads)
    {
        using var scope = NewDisposeScope();
        using var model = Model(MethodTable.Default.Defaults() with { Compute = new() { Threads = threads } });
        AssertSameGradients(model, Normal(1, Batch, Inputs));
    }

    [Fact]
    public void Steps_are_those_of_tensors_and_the_same_to_the_last_bit_again()
    {
        using var scope = NewDisposeScope();
        using var tensors = Model(MethodTable.Default.Defaults());
        float[] first = Train(Copy(tensors));
        Assert.Equal(first, Train(Copy(tensors)));
        TensorAssert.Close([.. Train(tensors).Select(value => (double)value)], tensor(first), 1e-4, "parameters");
    }

    [Theory]
    [InlineData("thresholded-laplacian", 1)]
    [InlineData("spike-and-slab", 2)]
    [InlineData("thresholded-gaussian-gamma", 3)]
    public void Bfloat16_has_the_gradients_of_single_precision_within_its_rounding(string method, int threads)
    {
        Assert.SkipUnless(ComputeOptions.SupportsBfloat16, "This processor has no arithmetic of bfloat16.");
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find(method)!.Defaults() with { Sampling = new() { Draws = 1 } };
        using var single = Model(defaults with { Compute = new() { Threads = threads } });
        using var half = Model(defaults with { Compute = new() { Threads = threads, Precision = ComputePrecision.Bf16 } });
        using LinearStep expected = Step(single), found = new(half.Experiment, Copy(half).Parameters, Engines.Tensors!.Bfloat16Pass);
        float[] batch = Floats(Normal(1, Batch, Inputs));
        var terms = expected.Differentiate(batch, Key, Annealed).Values;
        foreach (var (value, actual) in terms.Zip(found.Differentiate(batch, Key, Annealed).Values)) Assert.Equal(value, actual, 0.02 * Math.Max(1, Math.Abs(value)));
        Assert.Equal(expected.Gradients.Count, found.Gradients.Count);
        foreach (var (wanted, actual) in expected.Gradients.Zip(found.Gradients))
        {
            // A rounding is at most 2^-8 of a number; five layers there and back round some twenty times, and at random.
            Assert.InRange(((ToTensor(wanted) - ToTensor(actual)).norm() / ToTensor(wanted).norm()).item<float>(), 1e-5, 0.04);
        }
    }

    [Fact]
    public void Steps_in_bfloat16_are_the_same_to_the_last_bit_again()
    {
        Assert.SkipUnless(ComputeOptions.SupportsBfloat16, "This processor has no arithmetic of bfloat16.");
        using var scope = NewDisposeScope();
        var experiment = MethodTable.Default.Defaults() with { Compute = new() { Threads = 2, Precision = ComputePrecision.Bf16 } };
        using var tensors = Model(experiment);
        Assert.Equal(Train(Copy(tensors)), Train(Copy(tensors)));
    }

    [Fact]
    public void The_networks_gradients_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        float[][] gradients = [.. new[] { 1, 2, 3 }.Select(Differentiate)];
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);

        static float[] Differentiate(int threads)
        {
            using var model = Model(MethodTable.Default.Defaults() with { Compute = new() { Threads = threads } });
            using var step = Step(model);
            step.Differentiate(Floats(Normal(1, Batch, Inputs)), Key, Annealed);
            return [.. step.Gradients.SelectMany(gradient => gradient.All.ToArray())];
        }
    }

    private static void AssertSameGradients(TorchModel model, Tensor batch, AnnealedWeights? anneal = null)
    {
        var annealed = anneal ?? Annealed;
        using var managed = Step(model);
        var terms = managed.Differentiate(Floats(batch), Key, annealed).Values;

        var heads = model.Network.forward(batch);
        var noise = model.Noise.Draw(Key, 0, heads, model.Experiment.Sampling.Draws);
        var result = TrainingObjective.Evaluate(model, batch, heads, noise, annealed);
        var named = model.Network.named_parameters().ToList();
        var expected = autograd.grad([result.Loss], named.Select(p => (Tensor)p.parameter).ToArray());
        foreach (var (value, actual) in result.Terms().Zip(terms)) Assert.Equal(value, actual, 1e-6 * Math.Max(1, Math.Abs(value)));
        for (int i = 0; i < named.Count; i++) TensorAssert.Close(Numbers(expected[i]), ToTensor(managed.Gradients[i]), 1e-5, named[i].name);
        Assert.Equal(named.Count, managed.Gradients.Count);
        var direction = model.Linear.AscentDirection(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), 0);
        TensorAssert.Close(Numbers(direction), ToTensor(managed.DictionaryDirection), 1e-5, "dictionary");
    }

    /// <summary>Ten steps of a model, which is disposed, and all its parameters after them.</summary>
    private static float[] Train(SparseCodingModel model)
    {
        using (model)
        {
            using var step = Engines.CreateStep(model, stepsPerEpoch: 5);
            for (int i = 0; i < 10; i++) step.Apply(Normal(i, Batch, Inputs), i);
            return [.. model.State.SelectMany(tensor => MemoryMarshal.Cast<byte, float>(tensor.Read()).ToArray())];
        }
    }

    /// <summary>The managed engine's step of a model with the same parameters.</summary>
    private static LinearStep Step(TorchModel model) => new(model.Experiment, Copy(model).Parameters, EncoderPass.Create);

    private static ManagedModel Copy(TorchModel model)
    {
        var copy = new ManagedModel(model.Experiment, model.Preprocessing);
        foreach (var (target, source) in copy.State.Zip(model.State))
        {
            Assert.Equal(source.Name, target.Name);
            target.Write(source.Read());
        }
        copy.Changed();
        return copy;
    }

    private static float[] Floats(Tensor tensor) => tensor.data<float>().ToArray();

    private static Tensor ToTensor(FloatMatrix matrix) => tensor(matrix.All.ToArray());

    private static TorchModel Model(Experiment experiment, int inputs = Inputs, int atoms = Atoms) =>
        new(experiment with { Seed = 5, Generator = new() { Atoms = atoms }, Schedule = experiment.Schedule with { BatchSize = Batch } }, Preprocessing.OfVectors(inputs));

    private static Tensor Normal(int stream, int rows, int columns)
    {
        var numbers = new float[rows * columns];
        CounterNoise.FillNormal<float>(new(2, NoisePurpose.Data, 0), stream, 0, rows, 1, columns, numbers);
        return tensor(numbers, [rows, columns]);
    }

    private static double[] Numbers(Tensor values) => values.to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
