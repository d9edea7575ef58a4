using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Measuring;
using static TorchSharp.torch;
using static VariationalSparseCoding.Reproduction.Tests.SmallModels;

namespace VariationalSparseCoding.Reproduction.Tests.Measuring;

[Trait("Category", "Slow")]
public class GradientSignalTests
{
    /// <summary>One atom of one pixel: with z ~ N(mu, s^2) the gradient -(x - a z) z, summed over the batch, has its mean and variance in closed form.</summary>
    [Fact]
    public void Signal_of_a_dictionary_with_a_known_answer()
    {
        const double mu = 0.8, variance = 0.25, atom = 1.3;
        float[] inputs = [0.5f, -1, 2, 1.5f];
        using var scope = NewDisposeScope();
        var experiment = Describe("gaussian") with { Generator = new() { Atoms = 1 }, Sampling = new() { Draws = 1 } };
        using var tensors = InTensors(experiment with { Schedule = experiment.Schedule with { BatchSize = inputs.Length } }, inputs: 1);
        SetOutputs(tensors, new(tensor((float)Math.Log(variance)), tensor((float)mu)));
        tensors.SetDictionary([(float)atom]);
        using var model = ModelCopies.OnThreads(tensors, 1);
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
    [InlineData("thresholded-laplacian", DrawSelection.Max)]
    [InlineData("spike-and-slab", DrawSelection.Average)]
    public void Closed_form_and_autograd_agree(string method, DrawSelection selection)
    {
        using var scope = NewDisposeScope();
        const int rows = 10, inputs = 8;
        var experiment = MethodTable.Find(method)!.Defaults(Fidelity.Published) with { Generator = new() { Atoms = 5 }, Compute = new() { Threads = 1 } };
        experiment = experiment with { Sampling = experiment.Sampling with { Draws = 3, Selection = selection }, Schedule = experiment.Schedule with { BatchSize = rows } };
        using var doubled = InTensors(experiment, inputs, ScalarType.Float64);
        using var single = InTensors(experiment, inputs);
        using (no_grad())
            foreach (var (from, to) in single.Parameters.Zip(doubled.Parameters)) to.Value.copy_(from.Value);
        using var managed = ModelCopies.OnThreads(single, 1);
        Assert.IsType<ManagedModel>(managed);
        float[] batch = Normal(1, rows * inputs);
        var (network, dictionary) = Gradients(managed);
        var (expectedNetwork, expectedDictionary) = Gradients(doubled);
        AssertClose(expectedNetwork, network);
        AssertClose(expectedDictionary, dictionary);

        (float[] Network, float[] Dictionary) Gradients(SparseCodingModel model)
        {
            using var gradients = new BatchGradients(model);
            float[] byNetwork = new float[gradients.NetworkSize], byDictionary = new float[gradients.DictionarySize];
            gradients.Compute(batch, new(3, NoisePurpose.GradientPasses, 4), new(1, 0.5), byNetwork, byDictionary);
            return (byNetwork, byDictionary);
        }

        // Relative to the larger of the number's own size and the typical one.
        static void AssertClose(float[] expected, float[] actual)
        {
            double typical = Math.Sqrt(expected.Average(value => (double)value * value));
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4 * Math.Max(Math.Abs(expected[i]), typical));
        }
    }

    [Fact]
    public void Fewer_samples_than_a_batch_are_refused()
    {
        using var model = InTensors(Describe("gaussian"));
        Assert.Throws<InvalidInputException>(() => GradientSignal.Of(model, new MemorySet(new float[8], Preprocessing.OfVectors(Inputs)), 1, 2, CancellationToken.None));
    }
}
