using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.Posteriors;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests;

/// <summary>Codes of the managed engine beside those of tensors, from the same parameters.</summary>
public class ManagedCodesTests
{
    private const int Rows = 120, Inputs = 20, Atoms = 33, Draws = 7;

    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void Codes_and_divergences_are_those_of_tensors(string method)
    {
        var experiment = MethodTable.Find(method)!.Defaults() with { Generator = new() { Atoms = Atoms }, Seed = 5 };
        using var tensors = new TorchModel(experiment, Preprocessing.OfVectors(Inputs));
        using var managed = new ManagedModel(experiment, Preprocessing.OfVectors(Inputs));
        managed.TakeParameters(tensors);
        float[] x = RandomNumbers.Normal(1, Rows * Inputs);
        Assert.Equal(0, Different(ByTensors(tensors.Posterior.Mean), Codes(managed, CodeKind.Mean)));
        // Where the probability of a feature is one half to the last digit, the last digit decides on its mode.
        Assert.InRange(Different(ByTensors(tensors.Posterior.Mode), Codes(managed, CodeKind.Mode)), 0, 1);
        // As with a threshold or the best of the draws that is tied.
        Assert.InRange(Different(Codes(tensors, CodeKind.SingleDraw), Codes(managed, CodeKind.SingleDraw)), 0, 2);
        Assert.InRange(Different(Codes(tensors, CodeKind.AsTrained), Codes(managed, CodeKind.AsTrained)), 0, 2);
        float[] expected = new float[Rows * Atoms], actual = new float[Rows * Atoms];
        tensors.Divergences(x, expected);
        managed.Divergences(x, actual);
        Assert.Equal(0, Different(expected, actual));

        // Of vectors the model itself takes mean and mode from the managed engine.
        float[] ByTensors(Func<HeadTensors, Tensor> code)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            return code(tensors.Network.forward(tensors.Batch(x, Inputs))).contiguous().data<float>().ToArray();
        }

        float[] Codes(SparseCodingModel model, CodeKind kind)
        {
            float[] codes = new float[Rows * Atoms];
            model.Encode(new(kind, new(3, NoisePurpose.Evaluation, 0), Draws, AnnealedWeights.Evaluation), x, 1000, codes);
            return codes;
        }
    }

    /// <summary>The number of rows that differ by more than rounding.</summary>
    private static int Different(float[] expected, float[] actual) => Enumerable.Range(0, Rows).Count(row =>
        Enumerable.Range(row * Atoms, Atoms).Any(i => Math.Abs(expected[i] - actual[i]) > 1e-5 * (1 + Math.Abs(expected[i]))));
}
