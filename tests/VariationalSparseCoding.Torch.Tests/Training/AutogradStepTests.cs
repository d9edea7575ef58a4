using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.Posteriors;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Tensors;
using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

public class AutogradStepTests
{
    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void Every_parameter_is_trained(string method)
    {
        using var scope = NewDisposeScope();
        const int steps = 20, size = 8;
        var defaults = MethodTable.Find(method)!.Defaults();
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = 12 },
            Sampling = defaults.Sampling with { Draws = 5 },
            Schedule = defaults.Schedule with { Epochs = 1, BatchSize = 50 },
        };
        using var model = new TorchModel(experiment, Preprocessing.OfVectors(size));
        using var step = new AutogradStep(model, steps);
        var before = model.Parameters.Select(parameter => parameter.Value.detach().clone()).ToList();
        for (int t = 0; t < steps; t++) Assert.All(step.Apply(Batch(t), t).Values, value => Assert.True(double.IsFinite(value)));
        foreach (var ((name, value), old) in model.Parameters.Zip(before)) Assert.True((value - old).abs().max().item<float>() > 0, name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_KLs_weight_warms_up_with_the_steps(int samples)
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find("laplacian")!.Defaults();
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = 12 },
            Sampling = defaults.Sampling with { Draws = samples },
            Schedule = defaults.Schedule with { Epochs = 1, BatchSize = 50, KlWarmUp = new() { Initial = 0.25, Start = 1, Increment = 0.5 } },
        };
        using var model = new TorchModel(experiment, Preprocessing.OfVectors(8));
        using var step = new AutogradStep(model, stepsPerEpoch: 20);
        double[] shares = [0.25, 0.25, 0.75, 1, 1];
        for (int t = 0; t < shares.Length; t++)
        {
            var terms = step.Apply(Batch(t), t);
            Assert.Equal(terms["squared_error"] + shares[t] * experiment.Objective.KlWeight * terms["kl"], terms["loss"], 1e-6);
        }
    }

    private static Tensor Batch(int number) => TensorMemory.Filled([50, 8], ScalarType.Float32, CPU,
        span => CounterNoise.FillNormal(new(1, NoisePurpose.Data, (uint)number), 0, 0, 50, 1, 8, span),
        span => CounterNoise.FillNormal(new(1, NoisePurpose.Data, (uint)number), 0, 0, 50, 1, 8, span));
}
