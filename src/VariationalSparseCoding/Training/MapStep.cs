using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>One step of the baseline: codes by the published FISTA with lambda warmed up, then the dictionary's step (SPEC sections 3.1 and 5.1).</summary>
/// <param name="model">The model to train.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
internal sealed class MapStep(SparseCodingModel model, int stepsPerEpoch) : ITrainingStep
{
    private readonly LassoProblem problem = new(model.Linear.Dictionary);

    public IReadOnlyList<string> TermNames { get; } = ["loss", "reconstruction", "l1", "active_fraction", "iterations"];

    public IEnumerable<(string Name, Tensor Value)> State => [];

    public Terms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public Terms Apply(Tensor batch, long step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var experiment = model.Experiment;
        problem.Update(model.Linear.Dictionary);
        double lambda = experiment.Objective.Lambda * experiment.Schedule.WarmUp.At(step);
        var result = problem.Solve(batch, MapOptions.PublishedFista(lambda), MapSolver.Fista);

        var codes = result.Codes.unsqueeze(1);
        var residuals = batch.unsqueeze(1) - model.Generator.Decode(codes);
        var weights = ones([batch.shape[0], 1], batch.dtype, batch.device);
        model.Linear.Step(residuals, codes, weights, experiment.Schedule.DictionaryStepAt(step / stepsPerEpoch), experiment.Objective.DictionaryPenalty);
        double reconstruction = residuals.square().sum().item<float>() / 2 / batch.shape[0], l1 = codes.abs().sum().item<float>() / batch.shape[0];
        return new(TermNames, [reconstruction + lambda * l1, reconstruction, l1, codes.count_nonzero().item<long>() / (double)codes.numel(), result.Iterations.Max()]);
    }

    public void Dispose() => problem.Dispose();
}
