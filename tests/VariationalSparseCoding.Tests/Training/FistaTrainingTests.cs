using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Tests.Kernels;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

public class FistaTrainingTests
{
    private const int Batch = 20, Inputs = 30, Atoms = 45, StepsPerEpoch = 4;

    [Fact]
    public void Lambda_and_the_step_size_follow_their_schedules()
    {
        var defaults = MethodTable.Find("fista")!.Defaults();
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Objective = defaults.Objective with { Lambda = 20 },
            Schedule = defaults.Schedule with { BatchSize = Batch, StepSizes = StepSizes.Fixed },
            Compute = new() { Threads = 1 },
        };
        using var model = new ManagedModel(experiment, Preprocessing.OfVectors(Inputs));
        model.Initialise();
        using var step = new FistaTraining(model, StepsPerEpoch);
        var dictionary = new FloatMatrix(Inputs, Atoms);
        model.Dictionary().CopyTo(dictionary.All);
        using var plain = new FistaStep(dictionary, Batch, 1, experiment.Objective.DictionaryPenalty);
        for (int number = 0; number < 6; number++)
        {
            float[] batch = [.. RandomNumbers.Normal(number, Batch * Inputs).Select(value => 3 * value)];
            double lambda = 20 * experiment.Schedule.WarmUp.At(number);
            var expected = plain.Apply(batch, lambda, experiment.Schedule.DictionaryStepAt(number / StepsPerEpoch));
            var found = step.Apply(batch, number);
            Assert.Equal(["loss", "reconstruction", "l1", "active_fraction", "iterations"], found.Names);
            Assert.Equal([expected.Reconstruction + lambda * expected.L1, expected.Reconstruction, expected.L1, expected.ActiveFraction, expected.Iterations], found.Values);
            Assert.Equal(dictionary.All.ToArray(), model.Dictionary());
        }
    }
}
