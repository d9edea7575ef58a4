using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Evaluation;

/// <summary>How many draws validation and evaluation take has nothing to do with the training's number.</summary>
public class EvaluationDrawsTests
{
    [Fact]
    public void More_draws_at_evaluation_change_validation_but_not_training()
    {
        using var folder = new ScratchFolder();
        var (asTrained, training) = Run("as-trained", 0);
        var (wide, sameTraining) = Run("wide", 50);

        Assert.Equal(1, asTrained.Draws);
        Assert.Equal(50, wide.Draws);
        Assert.Equal(asTrained.Dictionary, wide.Dictionary);
        Assert.Equal(training.Train.Values, sameTraining.Train.Values);
        Assert.True(wide[CodeKind.AsTrained].Reconstruction < 0.9 * asTrained[CodeKind.AsTrained].Reconstruction);
        Assert.Equal(asTrained[CodeKind.SingleDraw].Value, wide[CodeKind.SingleDraw].Value);
        Assert.NotEqual(training.Validation!.Values, sameTraining.Validation!.Values);

        (RunEvaluation Evaluation, EpochEvent Epoch) Run(string name, int evaluationDraws)
        {
            var experiment = TinyRun.Describe(folder, "laplacian");
            experiment = experiment with { Sampling = new() { Draws = 1, EvaluationDraws = evaluationDraws }, Schedule = new() { Epochs = 1, BatchSize = 10 } };
            Assert.Empty(experiment.Validate());
            using var run = RunFolder.Create(folder.File(name), experiment);
            EpochEvent? last = null;
            TrainingRun.Train(run, [new TinyRun.Observer(onEpoch: epoch => last = epoch)]);
            return (RunEvaluation.Of(run), last!);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Impossible_numbers_are_errors_of_the_experiment(int draws) => Assert.StartsWith("sampling.evaluationDraws:",
        Assert.Single((SmallModels.Describe("laplacian") with { Sampling = new() { EvaluationDraws = draws }, Schedule = new() }).Validate()), StringComparison.Ordinal);
}
