using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Priors;

/// <summary>With a learned prior too, the number of draws of validation and evaluation has nothing to do with the training's.</summary>
public class PriorEvaluationDrawsTests
{
    [Theory]
    [InlineData(PriorKind.Vamp)]
    [InlineData(PriorKind.Clf)]
    public void More_samples_at_evaluation_change_validation_but_not_training(PriorKind prior)
    {
        using var folder = new ScratchFolder();
        using var scope = NewDisposeScope();
        Npy.Write<float>(folder.File("data.npy"), SmallModels.Normal(8, ScalarType.Float32, 60, SmallModels.Inputs).data<float>().ToArray(), SmallModels.Inputs);
        var (asTrained, training) = Run("as-trained", 0);
        var (wide, sameTraining) = Run("wide", 50);

        Assert.Equal(1, asTrained.Draws);
        Assert.Equal(50, wide.Draws);
        Assert.Equal(asTrained.Dictionary, wide.Dictionary);
        Assert.Equal(training.Train.Values, sameTraining.Train.Values);
        Assert.True(wide[CodeKind.AsTrained].Reconstruction < 0.9 * asTrained[CodeKind.AsTrained].Reconstruction);
        Assert.Equal(asTrained[CodeKind.SingleDraw].Value, wide[CodeKind.SingleDraw].Value);
        Assert.NotEqual(training.Validation!.Values, sameTraining.Validation!.Values);

        (RunEvaluation Evaluation, EpochEvent Epoch) Run(string name, int evaluationSamples)
        {
            var experiment = SmallModels.Describe("laplacian", prior) with
            {
                Data = new() { Source = folder.File("data.npy"), TrainSamples = 40, ValidationSamples = 20 },
                Sampling = new() { Draws = 1, EvaluationDraws = evaluationSamples },
                Schedule = new() { Epochs = 1, BatchSize = 10 },
                Compute = new() { Threads = 1 },
            };
            Assert.Empty(experiment.Validate());
            using var run = RunFolder.Create(folder.File(name), experiment);
            var observer = new LastEpoch();
            TrainingRun.Train(run, [observer]);
            return (RunEvaluation.Of(run), observer.Epoch!);
        }
    }

    private sealed class LastEpoch : ITrainingObserver
    {
        public EpochEvent? Epoch { get; private set; }

        public void OnEpoch(EpochEvent finished) => Epoch = finished;
    }
}
