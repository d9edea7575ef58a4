using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Training;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

[Trait("Category", "Slow")]
public class ConvolutionalStepTests
{
    private const int Batch = 4, Images = 8;
    private static readonly ImageShape Shape = new(1, 28, 28);

    public static TheoryData<string> Methods => [.. MethodTable.All.Where(method => method.IsVariational).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_moves_every_parameter_and_its_statistics(string method)
    {
        using var state = NewState(Describe(method));
        var before = Values(state);
        var terms = state.Step.Apply(Input(), 0);
        Assert.All(terms.Values, value => Assert.True(double.IsFinite(value)));
        foreach (var (name, values) in Values(state))
            // The head of a spike has no gradient where it is above 0 for every input, which is not so here; a moment of a zero gradient stays 0.
            Assert.False(values.SequenceEqual(before[name]), $"{method}: {name} did not change");
    }

    [Theory]
    [InlineData(BatchNormStatistics.All)]
    [InlineData(BatchNormStatistics.Selected)]
    public void Gradients_are_those_of_the_loss(BatchNormStatistics statistics)
    {
        var experiment = Describe("gaussian") with { Generator = new() { Kind = GeneratorKind.Convolutional, Atoms = 3, BatchNorm = statistics } };
        using var state = NewState(experiment, ScalarType.Float64);
        using var input = Input().to(ScalarType.Float64);
        var step = (ConvolutionalStep)state.Step;
        var beginning = state.Tensors().Buffers.Select(buffer => (buffer.Value, Start: buffer.Value.clone())).ToList();
        Loss();
        foreach (var (name, value) in state.Tensors().Parameters.Where((_, index) => index % 3 == 0))
        {
            long place = value.numel() / 2;
            double gradient = value.grad!.reshape(-1)[place].item<double>();
            Assert.True(Math.Abs(gradient - Difference(value, place, Loss)) < 1e-5 * Math.Max(1, Math.Abs(gradient)), $"{name}: {gradient}");
        }

        double Loss()
        {
            using (no_grad()) beginning.ForEach(buffer => buffer.Value.copy_(buffer.Start));
            return step.Differentiate(input, new(1, NoisePurpose.Training, 0), experiment.Schedule.AnnealAt(0))[0];
        }
    }

    [Fact]
    public void Bfloat16_is_near_float32_repeats_itself_and_leaves_parameters_in_float32()
    {
        var single = Describe("thresholded-gaussian") with { Sampling = new() { Draws = 1 } };
        var half = single with { Compute = single.Compute with { Precision = ComputePrecision.Bf16 } };
        Assert.Empty(half.Validate());
        var (exact, _) = Gradients(single);
        var (rounded, error) = Gradients(half);
        // A number in bfloat16 is off by up to 2^-9 of itself.
        Assert.InRange(Distance(exact, rounded), 1e-4, 0.15);
        Assert.Equal(rounded, Gradients(half).Gradients);
        Assert.True(double.IsFinite(error));

        (float[] Gradients, double Loss) Gradients(Experiment experiment)
        {
            using var state = NewState(experiment);
            double loss = ((ConvolutionalStep)state.Step).Differentiate(Input(), new(1, NoisePurpose.Training, 0), experiment.Schedule.AnnealAt(0))[0];
            Assert.All(state.Tensors().Parameters, parameter => Assert.Equal(ScalarType.Float32, parameter.Value.grad!.dtype));
            return ([.. state.Tensors().Parameters.SelectMany(parameter => parameter.Value.grad!.data<float>().ToArray())], loss);
        }

        static double Distance(float[] left, float[] right) =>
            Math.Sqrt(left.Zip(right, (l, r) => (double)(l - r) * (l - r)).Sum() / left.Sum(value => (double)value * value));
    }

    [Fact]
    public void Bfloat16_is_for_training_alone()
    {
        var single = Describe("thresholded-gaussian");
        using var exact = NewState(single);
        using var rounded = NewState(single with { Compute = single.Compute with { Precision = ComputePrecision.Bf16 } });
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var codes = exact.Tensors().Network.forward(Input()).Shift;
        Assert.True(codes.Equals(rounded.Tensors().Network.forward(Input()).Shift));
        Assert.True(exact.Tensors().Generator.Decode(codes).Equals(rounded.Tensors().Generator.Decode(codes)));
    }

    [Fact]
    public void With_one_sample_both_statistics_are_the_same()
    {
        var experiment = Describe("thresholded-gaussian") with { Sampling = new() { Draws = 1 } };
        using var selected = NewState(experiment);
        using var all = NewState(experiment with { Generator = experiment.Generator with { BatchNorm = BatchNormStatistics.All } });
        for (int step = 0; step < 2; step++) Assert.Equal(all.Step.Apply(Input(), step).Values, selected.Step.Apply(Input(), step).Values);
        Assert.Equal(Values(all), Values(selected));
    }

    [Fact]
    public void Evaluation_leaves_the_running_statistics()
    {
        using var state = NewState(Describe("thresholded-gaussian"));
        state.Step.Apply(Input(), 0);
        var before = Values(state);
        using var _ = no_grad();
        using var heads = state.Tensors().Network.forward(Input()).Shift;
        using var decoded = state.Tensors().Generator.Decode(heads);
        Assert.Equal(before, Values(state));
    }

    [Theory]
    [InlineData(BatchNormStatistics.All)]
    [InlineData(BatchNormStatistics.Selected)]
    public void A_resumed_run_ends_as_the_uninterrupted_one(BatchNormStatistics statistics)
    {
        var experiment = Describe("thresholded-laplacian-gamma");
        experiment = experiment with { Generator = experiment.Generator with { BatchNorm = statistics } };
        using var folder = new ScratchFolder();
        string path = folder.File("step-000000002.safetensors");
        using var uninterrupted = NewState(experiment);
        for (int step = 0; step < 4; step++)
        {
            if (step == 2) Checkpoint.Write(path, uninterrupted);
            uninterrupted.Step.Apply(Input(step), step);
            uninterrupted.StepsDone++;
        }
        using var resumed = NewState(experiment);
        Checkpoint.Read(path, Safetensors.Read(path), resumed);
        for (int step = 2; step < 4; step++) resumed.Step.Apply(Input(step), step);
        Assert.Equal(Values(uninterrupted), Values(resumed));
    }

    [Fact]
    public void A_models_file_holds_the_running_statistics()
    {
        using var folder = new ScratchFolder();
        string path = folder.File("step-000000001.safetensors");
        using var state = NewState(Describe("thresholded-gaussian"));
        state.Step.Apply(Input(), 0);
        Checkpoint.Write(path, state);
        using var model = (TorchModel)ModelFile.Model(path, Safetensors.Read(path));
        using var _ = no_grad();
        using var codes = ones(2, 1, 3);
        TensorAssert.Close(state.Tensors().Generator.Decode(codes).to(ScalarType.Float64).data<double>().ToArray(), model.Generator.Decode(codes), 0, "decoded");
        TensorAssert.Close(state.Tensors().Network.forward(Input()).Shift.to(ScalarType.Float64).data<double>().ToArray(), model.Network.forward(Input()).Shift, 0, "shift");
    }

    [Theory]
    [InlineData(PriorKind.Vamp)]
    [InlineData(PriorKind.Clf)]
    public void Learned_priors_train_with_it(PriorKind prior)
    {
        using var state = NewState(Describe("thresholded-gaussian") with { Prior = new() { Kind = prior, Components = 3 } });
        var before = Values(state);
        Assert.All(state.Step.Apply(Input(), 0).Values, value => Assert.True(double.IsFinite(value)));
        Assert.False(Values(state)["prior.pseudo_inputs"].SequenceEqual(before["prior.pseudo_inputs"]));
    }

    [Fact]
    public void Screening_chooses_as_the_statistics_of_all_codes_would()
    {
        const int images = 48, samples = 10;
        var described = Describe("thresholded-gaussian");
        var experiment = described with { Data = described.Data with { TrainSamples = images }, Generator = described.Generator with { Atoms = 16 }, Sampling = new() { Draws = samples }, Schedule = described.Schedule with { BatchSize = images, LearningRate = 1e-3 } };
        using var state = new TrainingState(new TorchModel(experiment, Preprocessing.OfImages(Shape)), images);
        using var scope = NewDisposeScope();
        var model = state.Tensors();
        // Bright squares in different places.
        var input = zeros(images, 28, 28);
        for (int i = 0; i < images; i++) input[i].narrow(0, i * 5 % 20, 8).narrow(1, i * 7 % 20, 8).fill_(1);
        input = input.reshape(images, Shape.Size);
        for (int step = 0; step < 12; step++) state.Step.Apply(input, step);
        using var _ = no_grad();
        model.Train(true);
        var heads = model.Network.forward(input);
        var codes = model.Posterior.Sample(heads, model.Noise.Draw(new(1, NoisePurpose.Training, 99), 0, heads, samples), experiment.Schedule.AnnealAt(12));
        var chosen = model.Generator.SquaredErrors(input, codes).argmin(1, keepdim: true);
        var errors = (model.Generator.Decode(codes) - input.unsqueeze(1)).square().mean([-1]);
        double mean = errors.mean().item<float>(), best = errors.min(1).values.mean().item<float>(), screened = errors.gather(1, chosen).mean().item<float>();
        Assert.True(best < 0.99 * mean, $"codes are alike: {best} and {mean}");
        Assert.True(mean - screened > 0.95 * (mean - best), $"mean {mean}, screened {screened}, best {best}");
    }

    [Fact]
    public void The_loss_falls()
    {
        using var state = NewState(Describe("thresholded-gaussian"));
        double[] errors = [.. Enumerable.Range(0, 30).Select(step => state.Step.Apply(Input(), step)["squared_error"])];
        Assert.True(errors[^5..].Average() < 0.7 * errors[..3].Average(), $"from {errors[0]} to {errors[^1]}");
    }

    private static double Difference(Tensor value, long place, Func<double> loss)
    {
        const double step = 1e-5;
        using var _ = no_grad();
        var entry = value.view(-1)[place];
        double original = entry.item<double>();
        double At(double number)
        {
            entry.fill_(number);
            using var gradients = enable_grad();
            return loss();
        }
        double difference = (At(original + step) - At(original - step)) / (2 * step);
        entry.fill_(original);
        return difference;
    }

    private static Experiment Describe(string method)
    {
        var defaults = MethodTable.Find(method)!.Defaults(Fidelity.Equations, GeneratorKind.Convolutional);
        return defaults with
        {
            Data = defaults.Data with { TrainSamples = Images, ValidationSamples = Batch },
            Generator = defaults.Generator with { Atoms = 3 },
            Sampling = defaults.Sampling with { Draws = 3 },
            Schedule = defaults.Schedule with { BatchSize = Batch, Epochs = 20 },
            Seed = 3,
        };
    }

    private static TrainingState NewState(Experiment experiment, ScalarType type = ScalarType.Float32) => new(new TorchModel(experiment, Preprocessing.OfImages(Shape), type), Images);

    private static Tensor Input(int number = 0)
    {
        float[] values = new float[Batch * Shape.Size];
        CounterNoise.FillUniform(new(4, NoisePurpose.Data, (uint)number), 0, 0, 1, 1, values.Length, values.AsSpan());
        return tensor(values, Batch, Shape.Size);
    }

    private static Dictionary<string, byte[]> Values(TrainingState state) =>
        state.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read().ToArray());
}
