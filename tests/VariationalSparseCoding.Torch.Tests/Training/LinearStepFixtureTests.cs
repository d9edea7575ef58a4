using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Objectives;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>One step of the linear generator with noise handed in: losses, codes, weights, KLs and gradients of both fidelities.</summary>
public class LinearStepFixtureTests
{
    public static TheoryData<string, int, bool> Cases()
    {
        var data = new TheoryData<string, int, bool>();
        foreach (string file in new[] { "linear_step.json", "equations_step.json" })
            for (int i = 0; i < Fixtures.Read(file).GetProperty("cases").GetArrayLength(); i++)
                foreach (bool inSinglePrecision in new[] { false, true })
                    data.Add(file, i, inSinglePrecision);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_matches_the_reference(string file, int index, bool inSinglePrecision)
    {
        using var scope = NewDisposeScope();
        var type = inSinglePrecision ? ScalarType.Float32 : ScalarType.Float64;
        double tolerance = inSinglePrecision ? 1e-4 : 1e-9;
        var fixture = new StepFixture(Fixtures.Read(file).GetProperty("cases")[index], type);
        using var model = fixture.Model();

        var codes = fixture.Posterior.Sample(fixture.Heads, fixture.Noise, fixture.Anneal);
        TensorAssert.Close(fixture.Expected("z"), codes, tolerance, "z");
        var divergence = fixture.Posterior.KullbackLeibler(fixture.Heads);
        var residuals = fixture.X.unsqueeze(1) - model.Generator.Decode(codes);
        var reconstruction = ElboTerms.Reconstruction(residuals);
        var losses = ElboTerms.Losses(reconstruction, divergence.sum(1), model.Experiment.Objective.KlWeight);
        var weights = Selection.Weights(losses, model.Experiment.Sampling.Selection);
        TensorAssert.Close(fixture.Expected("weights"), weights, tolerance, "weights");
        if (fixture.Has("kl_mean_over_samples")) TensorAssert.Close(fixture.Expected("kl_mean_over_samples"), divergence, tolerance, "kl");
        if (fixture.Has("recon_per_sample")) TensorAssert.Close(fixture.Expected("recon_per_sample"), reconstruction, tolerance, "reconstruction");
        if (fixture.Has("loss_per_sample")) TensorAssert.Close(fixture.Expected("loss_per_sample"), losses, tolerance, "losses");
        if (fixture.Has("dictionary_ascent_direction"))
        {
            var direction = model.Linear.AscentDirection(residuals, codes, weights.detach(), model.Experiment.Objective.DictionaryPenalty);
            TensorAssert.Close(fixture.Expected("dictionary_ascent_direction"), direction, tolerance, "dictionary direction");
        }

        var result = TrainingObjective.Evaluate(model, fixture.X, fixture.Heads, fixture.Noise, fixture.Anneal);
        TensorAssert.Close([fixture.Expected("loss").GetDouble()], result.Loss, tolerance, "loss");
        foreach (var expected in fixture.Expected("grads").EnumerateObject())
        {
            var gradient = expected.Name == "lam" ? GradientByThreshold(fixture, model)
                : autograd.grad([result.Loss], [fixture.Input(expected.Name)], retain_graph: true)[0];
            TensorAssert.Close(expected.Value, gradient, tolerance, "gradient of " + expected.Name);
        }
    }

    /// <summary>By the chain rule from the codes of all J samples, without screening.</summary>
    private static Tensor GradientByThreshold(StepFixture fixture, TorchModel model)
    {
        var codes = fixture.Posterior.Differentiable(fixture.Heads, fixture.Noise, fixture.Anneal);
        var reconstruction = ElboTerms.Reconstruction(fixture.X.unsqueeze(1) - model.Generator.Decode(codes));
        var weights = Selection.Weights(reconstruction, model.Experiment.Sampling.Selection);
        return autograd.grad([Selection.Loss(reconstruction, weights)], [codes])[0] * fixture.DerivativeByThreshold();
    }
}
