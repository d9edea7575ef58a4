using System.Text.Json;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>Twenty whole training steps from given parameters: network, optimiser, schedules, warm-up and the simultaneous dictionary step.</summary>
public class TrajectoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Twenty_steps_match_the_reference(int index)
    {
        using var scope = NewDisposeScope();
        var fixture = Fixtures.Read("trajectory.json").GetProperty("cases")[index];
        var experiment = Describe(fixture);
        using var model = new TorchModel(experiment, Preprocessing.OfVectors(fixture.GetProperty("D").GetInt32()), ScalarType.Float64);
        SetParameters(model);
        using var step = new AutogradStep(model, stepsPerEpoch: 10);

        var noise = fixture.GetProperty("uniform_noise").Tensor() - 0.5;
        var laplace = -noise.sign() * (1 - 2 * noise.abs()).clamp(min: 1e-6).log();
        var batches = fixture.GetProperty("x").Tensor();
        foreach (var (record, t) in fixture.GetProperty("records").EnumerateArray().Select((record, t) => (record, t)))
        {
            double active = double.NaN;
            var terms = step.Apply(batches[t], t, heads =>
            {
                var noise = new PosteriorNoise(laplace[t]);
                // The record counts the active features of all J samples, the step those of the chosen one.
                active = model.Posterior.Sample(heads, noise, new(experiment.Schedule.WarmUp.At(t), 1)).ne(0).to(ScalarType.Float64).mean().item<double>();
                return noise;
            });
            Assert.Equal(record.GetProperty("loss").GetDouble(), terms["loss"], 1e-9);
            Assert.Equal(record.GetProperty("active_fraction").GetDouble(), active, 1e-9);
            Assert.Equal(record.GetProperty("dictionary_norm").GetDouble(), model.Linear.Dictionary.norm().item<double>(), 1e-9);
        }
        TensorAssert.Close(fixture.GetProperty("final_dictionary"), model.Linear.Dictionary, 1e-9, "dictionary");
        var expected = fixture.GetProperty("final_parameters").EnumerateArray().ToList();
        foreach (var ((name, value), final) in model.Parameters.Skip(1).Zip(expected)) TensorAssert.Close(final, value, 1e-9, name);
        Assert.Equal(expected.Count, model.Parameters.Count - 1);
    }

    private static Experiment Describe(JsonElement fixture)
    {
        bool published = fixture.GetProperty("shift_gradient").GetString() == "published";
        var schedule = fixture.GetProperty("schedule");
        var defaults = MethodTable.Find("thresholded-laplacian")!.Defaults(published ? Fidelity.Published : Fidelity.Equations);
        return defaults with
        {
            Posterior = defaults.Posterior with { ThresholdValue = fixture.GetProperty("threshold").GetDouble() },
            Generator = defaults.Generator with { Atoms = fixture.GetProperty("d").GetInt32() },
            Sampling = defaults.Sampling with { Draws = fixture.GetProperty("J").GetInt32() },
            Objective = defaults.Objective with { KlWeight = fixture.GetProperty("kl_weight").GetDouble(), DictionaryPenalty = fixture.GetProperty("kappa").GetDouble() },
            Schedule = defaults.Schedule with
            {
                StepSizes = StepSizes.Fixed,
                Epochs = schedule.GetProperty("iterations").GetInt32() / 10,
                LearningRate = schedule.GetProperty("lr_max").GetDouble(),
                LearningRateWarmUp = schedule.GetProperty("warmup_proportion").GetDouble(),
                WarmUp = new() { Initial = 0.3, Start = 0, Increment = 0.05 },
            },
        };
    }

    private static void SetParameters(TorchModel model)
    {
        using var _ = no_grad();
        var dictionary = arange(model.Linear.Dictionary.numel(), ScalarType.Float64).mul(0.7).cos().view_as(model.Linear.Dictionary);
        model.Linear.Dictionary.copy_(dictionary / dictionary.norm(0, keepdim: true));
        foreach (var (parameter, number) in model.Parameters.Skip(1).Select((p, i) => (p.Value, i)))
        {
            var values = (arange(parameter.numel(), ScalarType.Float64) * 0.37 + number).sin() / Math.Sqrt(parameter.shape[^1]);
            parameter.copy_(values.view_as(parameter));
        }
    }
}
