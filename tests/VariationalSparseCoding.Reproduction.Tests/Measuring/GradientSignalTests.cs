using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Tests;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Priors.SmallModels;

namespace VariationalSparseCoding.Reproduction.Tests.Measuring;

public class GradientSignalTests
{
    /// <summary>One atom of one pixel: with z ~ N(mu, s^2) the gradient -(x - a z) z, summed over the batch, has its mean and variance in closed form.</summary>
    [Fact]
    public void Signal_of_a_dictionary_with_a_known_answer()
    {
        const double mu = 0.8, variance = 0.25, atom = 1.3;
        float[] inputs = [0.5f, -1, 2, 1.5f];
        using var scope = NewDisposeScope();
        var experiment = MethodTable.Find("gaussian")!.Defaults() with { Generator = new() { Atoms = 1 }, Compute = new() { Threads = 1 } };
        using var model = Model(experiment with { Sampling = new() { Draws = 1 }, Schedule = experiment.Schedule with { BatchSize = inputs.Length } }, ScalarType.Float32, inputs: 1);
        SetOutputs(model, new(tensor((float)Math.Log(variance)), tensor((float)mu)));
        model.Linear.Set([(float)atom]);
        double mean = 0, spread = 0;
        foreach (double x in inputs)
        {
            mean += x * mu - atom * (mu * mu + variance);
            spread += x * x * variance + atom * atom * (4 * mu * mu * variance + 2 * variance * variance) - 4 * x * atom * mu * variance;
        }

        var signal = GradientSignal.Of(model, new MemorySet(inputs, Preprocessing.OfVectors(1)), batches: 5, passes: 20_000, CancellationToken.None);
        Assert.Equal(1, signal.Batches);
        Assert.Equal(Math.Abs(mean) / Math.Sqrt(spread), signal.Dictionary.Mean, 0.02);
        Assert.Equal(signal.Dictionary.Mean, signal.Dictionary.Median, 1e-12);
        Assert.True(double.IsFinite(signal.Network.Mean));
    }

    [Theory]
    [InlineData("thresholded-laplacian", SampleSelection.Max)]
    [InlineData("spike-and-slab", SampleSelection.Average)]
    public void Closed_form_and_autograd_agree(string method, SampleSelection selection)
    {
        using var scope = NewDisposeScope();
        const int rows = 10, inputs = 8;
        var experiment = MethodTable.Find(method)!.Defaults(Fidelity.Published) with { Generator = new() { Atoms = 5 }, Compute = new() { Threads = 1 } };
        experiment = experiment with { Sampling = experiment.Sampling with { Draws = 3, Selection = selection }, Schedule = experiment.Schedule with { BatchSize = rows } };
        using var single = Model(experiment, ScalarType.Float32, inputs);
        using var doubled = Model(experiment, ScalarType.Float64, inputs);
        using (no_grad())
            foreach (var (from, to) in single.Parameters.Zip(doubled.Parameters)) to.Value.copy_(from.Value);
        Assert.True(FusedStep.Supports(single) && !FusedStep.Supports(doubled));
        var batch = Normal(1, ScalarType.Float32, rows, inputs);
        var key = new NoiseKey(3, NoisePurpose.GradientPasses, 4);
        var (network, dictionary) = Gradients(single, batch);
        var (expectedNetwork, expectedDictionary) = Gradients(doubled, batch.to(ScalarType.Float64));
        TensorAssert.Close(expectedNetwork, tensor(network), 1e-4, "network");
        TensorAssert.Close(expectedDictionary, tensor(dictionary), 1e-4, "dictionary");

        (double[] Network, double[] Dictionary) Gradients(SparseCodingModel model, Tensor x)
        {
            using var gradients = new BatchGradients(model);
            float[] byNetwork = new float[gradients.NetworkSize], byDictionary = new float[gradients.DictionarySize];
            gradients.Compute(x, key, new(1, 0.5), byNetwork, byDictionary);
            return (Array.ConvertAll(byNetwork, value => (double)value), Array.ConvertAll(byDictionary, value => (double)value));
        }
    }

    [Fact]
    public void Fewer_samples_than_a_batch_are_refused()
    {
        using var model = Model(Describe("gaussian"), ScalarType.Float32);
        Assert.Throws<InvalidInputException>(() => GradientSignal.Of(model, new MemorySet(new float[8], Preprocessing.OfVectors(Inputs)), 1, 2, CancellationToken.None));
    }
}
