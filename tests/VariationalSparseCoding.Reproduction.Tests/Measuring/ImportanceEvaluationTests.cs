using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;
using static VariationalSparseCoding.Reproduction.Tests.SmallModels;

namespace VariationalSparseCoding.Reproduction.Tests.Measuring;

public class ImportanceEvaluationTests
{
    private static readonly NoiseKey Key = new(3, NoisePurpose.ImportanceWeighting, 0);

    public static TheoryData<string> Methods => [.. Variational];

    /// <summary>With the posterior at the prior and a dictionary of zeros each weight is the likelihood of zero: -l/beta = -mean(x^2)/beta and its constant.</summary>
    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-gaussian-gamma")]
    [InlineData("gaussian")]
    public void Codes_that_explain_nothing_have_a_known_bound(string method)
    {
        using var scope = NewDisposeScope();
        using var model = InTensors(Describe(method));
        SetOutputs(model, model.Posterior.FixedPrior.Map(value => value.to(ScalarType.Float32)));
        model.Linear.Set(new float[Inputs * Atoms]);
        float[] samples = [1, 2, 3, 4, 0, 1, 0, -1];
        const double meanSquare = (30 / 4.0 + 2 / 4.0) / 2;
        var importance = ImportanceEvaluation.Of(model, new MemorySet(samples, Preprocessing.OfVectors(Inputs)), Key, 50, CancellationToken.None);
        double klWeight = model.Experiment.Objective.KlWeight;
        Assert.Equal(meanSquare, importance.SoftmaxLoss, 1e-4);
        Assert.Equal(meanSquare, importance.BoundLoss, 1e-4);
        Assert.Equal(-meanSquare / klWeight - Inputs / 2.0 * Math.Log(Math.PI * Inputs * klWeight), importance.Bound, 1e-2);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void More_draws_raise_the_bound(string method)
    {
        using var model = Engines.CreateModel(Describe(method), Preprocessing.OfVectors(Inputs));
        using var set = new MemorySet(Normal(2, 40 * Inputs), Preprocessing.OfVectors(Inputs));
        Assert.True(ImportanceEvaluation.Of(model, set, Key, 1, CancellationToken.None).Bound < ImportanceEvaluation.Of(model, set, Key, 300, CancellationToken.None).Bound);
    }

    [Fact]
    public void A_pass_selects_as_codes_as_trained_are_selected_and_passes_differ()
    {
        var experiment = Describe("thresholded-laplacian");
        using var model = Engines.CreateModel(experiment with { Sampling = experiment.Sampling with { Draws = 4 } }, Preprocessing.OfVectors(Inputs));
        using var set = new MemorySet(Normal(2, 20 * Inputs), Preprocessing.OfVectors(Inputs));
        var inference = new CodeInference(model, AnnealedWeights.Evaluation);
        var key = Key with { Purpose = NoisePurpose.RepeatedPasses };
        float[] passes = [], first = inference.Codes(CodeKind.AsTrained, set, key, 4), second = inference.Codes(CodeKind.AsTrained, set, key with { Step = 1 }, 4);
        inference.Passes(set, key, 4, 3, (_, codes) => passes = [.. passes, .. codes]);
        Assert.Equal(20 * 3 * Atoms, passes.Length);
        for (int row = 0; row < 20; row++)
        {
            Assert.Equal(first[(row * Atoms)..((row + 1) * Atoms)], passes[(row * 3 * Atoms)..((row * 3 + 1) * Atoms)]);
            Assert.Equal(second[(row * Atoms)..((row + 1) * Atoms)], passes[((row * 3 + 1) * Atoms)..((row * 3 + 2) * Atoms)]);
        }
        Assert.NotEqual(first, second);
    }
}
