using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>
/// One step of Algorithm 1 with a linear generator (docs/mathematics.md section 5.1) by tensors and autograd: draw, score, choose, differentiate. The inference network takes a
/// Nesterov step on the loss, and at the same time, from the same codes and dictionary, the dictionary its own. In float64 it is what the managed engine's step is tested against.
/// </summary>
internal sealed class AutogradStep : ITrainingStep
{
    private readonly TorchModel model;
    private readonly Experiment experiment;
    private readonly CycleSchedule learningRate;
    private readonly NesterovOptimiser optimiser;
    private readonly Tensor[] parameters;
    private readonly int stepsPerEpoch;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public AutogradStep(TorchModel model, int stepsPerEpoch)
    {
        (this.model, this.stepsPerEpoch) = (model, stepsPerEpoch);
        experiment = model.Experiment;
        var schedule = experiment.Schedule;
        learningRate = new(schedule.LearningRate, (long)schedule.Epochs * stepsPerEpoch, schedule.LearningRateWarmUp);
        var named = model.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(model.Prior.Parameters).ToList();
        parameters = [.. named.Select(p => p.Item2)];
        optimiser = new(named, schedule.Momentum);
        State = [.. TensorState.Of(optimiser.State.Select(pair => ("momentum." + pair.Name, pair.Value)))];
    }

    public IReadOnlyList<string> TermNames => StepTerms.Names;

    public IReadOnlyList<StateTensor> State { get; }

    public LossTerms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1)
    {
        using var scope = NewDisposeScope();
        var key = new NoiseKey(experiment.Seed, NoisePurpose.Training, (uint)step);
        return Apply(model.Batch(batch, model.Dimension), step, heads => model.Noise.Draw(key, 0, heads, experiment.Sampling.Draws), share);
    }

    /// <summary>The step with noise from elsewhere.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="draw">Gives the noise of J draws for the heads' outputs.</param>
    /// <param name="share">What every step size is multiplied by.</param>
    internal LossTerms Apply(Tensor batch, long step, Func<HeadTensors, PosteriorNoise> draw, double share = 1)
    {
        using var scope = NewDisposeScope();
        var heads = model.Network.forward(batch);
        var result = TrainingObjective.Evaluate(model, batch, heads, draw(heads), experiment.Schedule.AnnealAt(step));

        var gradients = autograd.grad([result.Loss], parameters);
        optimiser.Step([.. gradients], share * learningRate.At(step));
        double dictionaryStep = share * experiment.Schedule.DictionaryStepAt(step / stepsPerEpoch);
        if (experiment.Schedule.StepSizes == StepSizes.Adaptive && result.Codes.shape[1] == 1) dictionaryStep = Shortened(dictionaryStep, result.Codes.detach().select(1, 0));
        model.Linear.Step(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), dictionaryStep, experiment.Objective.DictionaryPenalty);
        return new(TermNames, result.Terms());
    }

    public void Dispose() => optimiser.Dispose();

    /// <summary>Shortens a step to the inverse of the curvature of codes, [B, d], if it is longer: what <see cref="CodeCurvature"/> does.</summary>
    private static double Shortened(double step, Tensor codes)
    {
        using var _ = no_grad();
        var squares = codes.Squared().sum(1);
        double length = Math.Sqrt(Number(squares.max()));
        if (length == 0) return step;
        var direction = codes.index_select(0, squares.argmax(0, keepdim: true)).flatten();
        for (int i = 0; i < CodeCurvature.Iterations; i++)
        {
            direction = codes.t().mv(codes.mv(direction.Over(length))).Over(codes.shape[0]);
            length = Math.Sqrt(Number(direction.Squared().sum()));
        }
        return step * length > 1 ? 1 / length : step;
    }

    private static double Number(Tensor number) => number.to(ScalarType.Float64, CPU).data<double>()[0];
}
