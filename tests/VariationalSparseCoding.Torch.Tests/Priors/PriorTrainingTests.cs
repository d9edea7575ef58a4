using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Priors.SmallModels;

namespace VariationalSparseCoding.Tests.Priors;

[Trait("Category", "Slow")]
public class PriorTrainingTests
{
    private const int BatchSize = 10, StepsPerEpoch = 3;

    public static TheoryData<string, PriorKind, DrawSelection> Cases()
    {
        var data = new TheoryData<string, PriorKind, DrawSelection>();
        foreach (string method in Variational)
            foreach (var prior in new[] { PriorKind.Vamp, PriorKind.Clf })
                foreach (var selection in Enum.GetValues<DrawSelection>())
                    data.Add(method, prior, selection);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trains_with_its_prior_and_resumes_bit_for_bit(string method, PriorKind prior, DrawSelection selection)
    {
        using var folder = new ScratchFolder();
        using var scope = NewDisposeScope();
        var experiment = Describe(method, prior) with
        {
            Sampling = new() { Draws = 3, Selection = selection },
            // So large that a few steps move every number.
            Objective = new() { KlWeight = 1 },
            Schedule = new() { Epochs = 4, BatchSize = BatchSize, LearningRate = 0.02 },
        };
        using var first = NewState();
        var initial = first.Tensors().Prior.Parameters.Select(p => p.Value.detach().clone()).ToList();
        Train(first, StepsPerEpoch);
        Assert.All(first.Tensors().Prior.Parameters.Zip(initial), pair => Assert.False(pair.First.Value.eq(pair.Second).all().item<bool>(), pair.First.Name + " did not move"));
        Checkpoint.Write(folder.File("saved"), first);
        Train(first, 2);

        using var second = NewState();
        Checkpoint.Read("saved", Safetensors.Read(folder.File("saved")), second);
        Train(second, 2);
        Assert.Contains(first.Tensors, pair => pair.Name == "momentum.prior.pseudo_inputs");
        Assert.All(first.Tensors.Zip(second.Tensors), pair => Assert.True(pair.First.Read().SequenceEqual(pair.Second.Read()), pair.First.Name));

        TrainingState NewState() => new(Model(experiment, ScalarType.Float32), BatchSize * StepsPerEpoch);
    }

    [Fact]
    public void Pseudo_inputs_start_standard_normal_and_the_classifier_unlike_the_network()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe("gaussian", PriorKind.Clf, components: 500), inputs: 64);
        var inputs = model.Prior.Parameters[0].Value;
        Assert.Equal([500, 64], inputs.shape);
        Assert.Equal(0, inputs.mean().item<double>(), 4 / Math.Sqrt(inputs.numel()));
        Assert.Equal(1, inputs.var().item<double>(), 4 * Math.Sqrt(2.0 / inputs.numel()));
        var parameters = model.Parameters.ToDictionary(p => p.Name, p => p.Value);
        Assert.False(parameters["network.backbone.enc.0.weight"].eq(parameters["prior.classifier.backbone.enc.0.weight"]).any().item<bool>());
    }

    [Theory]
    [InlineData("thresholded-laplacian", 500)]
    [InlineData("spike-and-slab", 100)]
    public void Numbers_of_components_are_the_authors(string method, int components) =>
        Assert.Equal(components, MethodTable.Find(method)!.Defaults().Prior.Components);

    [Fact]
    public void Unusable_priors_are_errors_of_the_experiment()
    {
        Assert.Contains(Describe("fista", PriorKind.Vamp).Validate(), line => line.StartsWith("prior.kind:", StringComparison.Ordinal));
        Assert.Contains(Describe("gaussian", PriorKind.Vamp, components: 0).Validate(), line => line.StartsWith("prior.components:", StringComparison.Ordinal));
        var tooCold = Describe("gaussian", PriorKind.Clf) with { Schedule = new() { ClassifierTemperature = new() { Floor = 0 } } };
        Assert.Contains(tooCold.Validate(), line => line.StartsWith("schedule.classifierTemperature.floor:", StringComparison.Ordinal));
        Assert.Empty(Describe("gaussian", PriorKind.Clf).Validate());
    }

    [Fact]
    public void Classifier_temperature_falls_to_its_floor()
    {
        var temperature = Describe("gaussian").Schedule.ClassifierTemperature;
        Assert.Equal(1, temperature.At(0));
        Assert.Equal(Math.Pow(0.9995, 100), temperature.At(100), 1e-12);
        Assert.Equal(0.01, temperature.At(100_000));
    }

    private static void Train(TrainingState state, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            var batch = Normal(50 + (uint)state.StepsDone, ScalarType.Float32, BatchSize, Inputs);
            var terms = state.Step.Apply(batch, state.StepsDone);
            Assert.All(terms.Values, value => Assert.True(double.IsFinite(value)));
            state.StepsDone++;
            state.Sums = state.StepsDone % StepsPerEpoch == 0 ? LossMean.Empty : state.Sums.Add(terms);
        }
    }
}
