using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

public class MapStepTests
{
    private const int Batch = 20, Inputs = 30, Atoms = 45, StepsPerEpoch = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_fused_step_is_that_by_tensors(int threads)
    {
        using var scope = NewDisposeScope();
        using SparseCodingModel fusedModel = Model(threads), model = Model(1);
        using MapStep fused = new(fusedModel, StepsPerEpoch), tensors = new(model, StepsPerEpoch);
        Assert.True(FusedMapStep.Supports(model));
        for (int step = 0; step < 6; step++)
        {
            // From the same dictionary each time, or else a code at the threshold would soon be 0 in one of them alone.
            fusedModel.Linear.Set(model.Linear.Dictionary.data<float>().ToArray());
            Terms expected = tensors.ApplyTensors(Samples(step), step), found = fused.Apply(Samples(step), step);
            Assert.Equal(expected.Names, found.Names);
            Assert.Equal(expected["iterations"], found["iterations"]);
            foreach (string name in expected.Names) Assert.Equal(expected[name], found[name], 1e-4 * Math.Abs(expected[name]));
            var (one, two) = (model.Linear.Dictionary, fusedModel.Linear.Dictionary);
            Assert.InRange((one - two).abs().max().item<float>(), 0, 1e-4 * one.abs().max().item<float>());
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        using var scope = NewDisposeScope();
        using SparseCodingModel one = Model(1), three = Model(3);
        using MapStep alone = new(one, StepsPerEpoch), together = new(three, StepsPerEpoch);
        for (int step = 0; step < 4; step++) Assert.Equal(alone.Apply(Samples(step), step).Values, together.Apply(Samples(step), step).Values);
        Assert.Equal(one.Linear.Dictionary.data<float>().ToArray(), three.Linear.Dictionary.data<float>().ToArray());
    }

    [Fact]
    public void Inputs_that_are_not_finite_are_named()
    {
        using var scope = NewDisposeScope();
        using var model = Model(1);
        using var step = new MapStep(model, StepsPerEpoch);
        var samples = Samples(0);
        samples[3, 2] = float.NaN;
        Assert.Equal("x holds a NaN or infinite value in row 3; remove or repair it.", Assert.Throws<InvalidInputException>(() => step.Apply(samples, 0)).Message);
        Assert.Throws<ArgumentException>(() => step.Apply(Samples(0)[..5], 0));
    }

    private static SparseCodingModel Model(int threads)
    {
        var defaults = MethodTable.Find("fista")!.Defaults();
        return new(defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Objective = defaults.Objective with { Lambda = 20 },
            Schedule = defaults.Schedule with { BatchSize = Batch },
            Compute = new() { Threads = threads },
        }, Preprocessing.OfVectors(Inputs));
    }

    private static Tensor Samples(int number)
    {
        float[] samples = new float[Batch * Inputs];
        CounterNoise.FillNormal<float>(new(0, NoisePurpose.Data, (uint)number), 0, 0, Batch, 1, Inputs, samples);
        return tensor(samples, Batch, Inputs) * 3;
    }
}
