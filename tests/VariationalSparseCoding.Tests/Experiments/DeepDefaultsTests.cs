using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

/// <summary>The settings of the paper's section 4.2 (docs/mathematics.md sections 3.6, 5.2 and 7).</summary>
public class DeepDefaultsTests
{
    [Theory]
    [InlineData("thresholded-laplacian", 0.23)]
    [InlineData("thresholded-laplacian-gamma", 0.23)]
    [InlineData("thresholded-gaussian", 0.52)]
    public void Thresholds_keep_a_tenth_of_the_features(string method, double threshold) =>
        Assert.Equal(threshold, Defaults(method).Posterior.ThresholdValue);

    [Fact]
    public void The_generators_kind_sets_the_schedule()
    {
        var schedule = Defaults("spike-and-slab").Schedule;
        Assert.Equal((512, 3e-4, 0.5, 0.999, 1e-5), (schedule.BatchSize, schedule.LearningRate, schedule.Adam.Beta1, schedule.Adam.Beta2, schedule.Adam.WeightDecay));
        Assert.Equal((0.1, 0.1), (schedule.WarmUp.At(0), schedule.WarmUp.At(500)));
        Assert.Equal(0.1002, schedule.WarmUp.At(501), 1e-12);
        Assert.Equal(0.005, schedule.Temperature.At(1_000_000));
        Assert.Equal(1, Defaults("laplacian").Schedule.WarmUp.At(0));
        Assert.Equal(100, Resolve("""{ "generator": { "kind": "linear" } }""").Schedule.BatchSize);
    }

    [Theory]
    [InlineData("""{ "method": "fista", "generator": { "kind": "convolutional" } }""", "generator.kind: method 'fista' needs a dictionary; use 'linear'")]
    [InlineData("""{ "generator": { "kind": "convolutional" }, "network": { "backbone": "mlp" } }""", "network.backbone: 'mlp' needs the generator 'linear'; use 'convolutional' or 'resnet18'")]
    [InlineData("""{ "network": { "backbone": "resnet18" } }""", "network.backbone: 'resnet18' needs the generator 'convolutional'; use 'mlp'")]
    [InlineData("""{ "generator": { "kind": "convolutional" }, "schedule": { "adam": { "beta1": 1 } } }""", "schedule.adam.beta1: must lie in [0, 1), not 1")]
    public void What_does_not_go_together_is_named(string json, string error) =>
        Assert.Equal($"test: {error}", Assert.Throws<InvalidInputException>(() => Resolve(json)).Message);

    [Theory]
    [InlineData("fashion-mnist", 64, 20, 0.01, 500)]
    [InlineData("celeba", 512, 10, 0.001, 1500)]
    public void The_presets_are_the_papers(string name, int atoms, int samples, double klWeight, int warmUpStart)
    {
        var experiment = Presets.Parse(name).Resolve("spike-and-slab");
        Assert.Equal((GeneratorKind.Convolutional, atoms, samples, klWeight, 300, warmUpStart),
            (experiment.Generator.Kind, experiment.Generator.Atoms, experiment.Sampling.Draws, experiment.Objective.KlWeight, experiment.Schedule.Epochs, experiment.Schedule.WarmUp.Start));
    }

    private static Experiment Defaults(string method) => MethodTable.Find(method)!.Defaults(Fidelity.Equations, GeneratorKind.Convolutional);

    private static Experiment Resolve(string json) => ExperimentJson.Resolve("test", JsonNode.Parse(json)!.AsObject());
}
