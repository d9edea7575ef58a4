using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

public class MapStepTests
{
    private const int Batch = 20, Inputs = 30, Atoms = 45, StepsPerEpoch = 4;

    [Fact]
    public void Lambda_and_the_step_size_follow_their_schedules()
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Find("fista")!.Defaults();
        var experiment = defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Objective = defaults.Objective with { Lambda = 20 },
            Schedule = defaults.Schedule with { BatchSize = Batch },
            Compute = new() { Threads = 1 },
        };
        using SparseCodingModel model = new(experiment, Preprocessing.OfVectors(Inputs));
        using var step = new MapStep(model, StepsPerEpoch);
        var dictionary = new FloatMatrix(Inputs, Atoms);
        model.Linear.Dictionary.data<float>().ToArray().CopyTo(dictionary.All);
        using var plain = new FistaStep(dictionary, Batch, 1, experiment.Objective.DictionaryPenalty);
        for (int number = 0; number < 6; number++)
        {
            using var batch = StepBenchmark.Batch(new() { BatchSize = Batch, InputSize = Inputs }, number) * 3;
            double lambda = 20 * experiment.Schedule.WarmUp.At(number);
            var expected = plain.Apply(batch.data<float>().ToArray(), lambda, experiment.Schedule.DictionaryStepAt(number / StepsPerEpoch));
            var found = step.Apply(batch, number);
            Assert.Equal(["loss", "reconstruction", "l1", "active_fraction", "iterations"], found.Names);
            Assert.Equal([expected.Reconstruction + lambda * expected.L1, expected.Reconstruction, expected.L1, expected.ActiveFraction, expected.Iterations], found.Values);
            Assert.Equal(dictionary.All.ToArray(), model.Linear.Dictionary.data<float>().ToArray());
        }
    }
}
