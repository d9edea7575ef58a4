using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// One step of the baseline: codes by the published FISTA with lambda warmed up, then the dictionary's step (SPEC sections 3.1 and 5.1).
/// Without the tensor library where <see cref="FusedMapStep"/> supports the model.
/// </summary>
internal sealed class MapStep : ITrainingStep
{
    private readonly SparseCodingModel model;
    private readonly int stepsPerEpoch;
    private readonly FusedMapStep? fused;
    private LassoProblem? problem;

    /// <summary>Creates the step.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public MapStep(SparseCodingModel model, int stepsPerEpoch)
    {
        (this.model, this.stepsPerEpoch) = (model, stepsPerEpoch);
        fused = FusedMapStep.Supports(model) ? new(model) : null;
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "reconstruction", "l1", "active_fraction", "iterations"];

    public IEnumerable<(string Name, Tensor Value)> State => [];

    public Terms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public Terms Apply(Tensor batch, long step)
    {
        if (fused is null) return ApplyTensors(batch, step);
        var (reconstruction, l1, active, iterations) = fused.Apply(batch, LambdaAt(step), DictionaryStepAt(step));
        return new(TermNames, [reconstruction + LambdaAt(step) * l1, reconstruction, l1, active, iterations]);
    }

    /// <summary>The step by tensors, on any device.</summary>
    /// <inheritdoc cref="ITrainingStep.Apply"/>
    internal Terms ApplyTensors(Tensor batch, long step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        problem ??= new(model.Linear.Dictionary);
        problem.Update(model.Linear.Dictionary);
        double lambda = LambdaAt(step);
        var result = problem.Solve(batch, MapOptions.PublishedFista(lambda), MapSolver.Fista);

        var codes = result.Codes.unsqueeze(1);
        var residuals = batch.unsqueeze(1) - model.Generator.Decode(codes);
        var weights = ones([batch.shape[0], 1], batch.dtype, batch.device);
        model.Linear.Step(residuals, codes, weights, DictionaryStepAt(step), model.Experiment.Objective.DictionaryPenalty);
        double reconstruction = residuals.square().sum().item<float>() / 2 / batch.shape[0], l1 = codes.abs().sum().item<float>() / batch.shape[0];
        return new(TermNames, [reconstruction + lambda * l1, reconstruction, l1, codes.count_nonzero().item<long>() / (double)codes.numel(), result.Iterations.Max()]);
    }

    public void Dispose()
    {
        problem?.Dispose();
        fused?.Dispose();
    }

    private double LambdaAt(long step) => model.Experiment.Objective.Lambda * model.Experiment.Schedule.WarmUp.At(step);

    private double DictionaryStepAt(long step) => model.Experiment.Schedule.DictionaryStepAt(step / stepsPerEpoch);
}
