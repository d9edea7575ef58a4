using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>The fused step against tensors and autograd: the same noise, one rule of activity.</summary>
public class FusedStepTests
{
    private const int Batch = 7, Inputs = 30, Atoms = 45;
    private static readonly NoiseKey Key = new(3, NoisePurpose.Training, 17);
    private static readonly Anneal Annealed = new(0.3, 0.7);

    public static TheoryData<string, string, string, string, int> Cases()
    {
        var data = new TheoryData<string, string, string, string, int>();
        foreach (var method in MethodTable.All.Where(method => FusedPosterior.Supports(method.Defaults().Posterior) && !method.IsMapInference))
            foreach (var fidelity in Enum.GetValues<Fidelity>())
                foreach (var estimator in new[] { GradientEstimator.StraightThrough, GradientEstimator.Subgradient })
                    foreach (var selection in Enum.GetValues<SampleSelection>())
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
            Sampling = new() { Samples = samples, Selection = Enum.Parse<SampleSelection>(selection), ImportanceWeights = ImportanceWeights.SoftmaxOfLoss },
        });
        AssertSameGradients(model, Normal(1, Batch, Inputs));
    }

    private static void AssertSameGradients(SparseCodingModel model, Tensor batch)
    {
        using var fused = new FusedStep(model);
        var terms = fused.Differentiate(batch, Key, Annealed);

        var heads = model.Network!.forward(batch);
        var noise = model.Noise!.Draw(Key, 0, heads, model.Experiment.Sampling.Samples);
        var result = LinearObjective.Evaluate(model, batch, heads, noise, Annealed);
        var named = model.Network.named_parameters().ToList();
        var expected = autograd.grad([result.Loss], named.Select(p => (Tensor)p.parameter).ToArray());
        foreach (var (value, actual) in result.Terms().Zip(terms)) Assert.Equal(value, actual, 1e-6 * Math.Max(1, Math.Abs(value)));
        for (int i = 0; i < named.Count; i++) TensorAssert.Close(Numbers(expected[i]), fused.Gradients[i], 1e-5, named[i].name);
        Assert.Equal(named.Count, fused.Gradients.Count);
        var direction = model.Generator.AscentDirection(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), 0);
        TensorAssert.Close(Numbers(direction), fused.DictionaryDirections.Aggregate((sum, part) => sum + part), 1e-5, "dictionary");
    }

    private static SparseCodingModel Model(Experiment experiment, int inputs = Inputs, int atoms = Atoms) =>
        new(experiment with { Seed = 5, Generator = new() { Atoms = atoms }, Schedule = experiment.Schedule with { BatchSize = Batch } }, Preprocessing.OfVectors(inputs));

    private static Tensor Normal(int stream, int rows, int columns)
    {
        var numbers = new float[rows * columns];
        CounterNoise.FillNormal<float>(new(2, NoisePurpose.Data, 0), stream, 0, rows, 1, columns, numbers);
        return tensor(numbers, [rows, columns]);
    }

    private static double[] Numbers(Tensor values) => values.to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
