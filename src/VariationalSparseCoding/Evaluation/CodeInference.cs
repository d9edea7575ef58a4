using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Codes of samples from a model that is not being changed. A code depends on its own sample and row only, not on the batch it is in.</summary>
/// <param name="model">The model.</param>
/// <param name="anneal">Warm-up and temperature; <see cref="Anneal.Evaluation"/> for a trained model.</param>
internal sealed class CodeInference(SparseCodingModel model, Anneal anneal)
{
    private const int LargestTensor = 1 << 23;
    private const int CategoricalStream = 100;

    private readonly Experiment experiment = model.Experiment;

    /// <summary>
    /// Codes as they are drawn in training: the best of J, one of J alike, or one of J by importance. For MAP inference the published FISTA's.
    /// </summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="budget">J.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Codes, [N, d].</returns>
    public float[] AsTrained(ISampleSet samples, NoiseKey key, int budget, CancellationToken cancellation = default) =>
        model.Network is null
            ? Solved(samples, cancellation)
            : OverBatches(samples, budget, (batch, firstRow) => Selected(batch, key, firstRow, budget), cancellation);

    /// <summary>The posterior's mean, [N, d]. For MAP inference the published FISTA's codes.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public float[] Mean(ISampleSet samples, CancellationToken cancellation = default) =>
        model.Network is null ? Solved(samples, cancellation) : OverBatches(samples, 1, (batch, _) => model.Posterior!.Mean(model.Network.forward(batch)), cancellation);

    /// <summary>The posterior's mode, [N, d]: the shift of each feature whose activity probability exceeds one half. For MAP inference the published FISTA's codes.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public float[] Mode(ISampleSet samples, CancellationToken cancellation = default) =>
        model.Network is null ? Solved(samples, cancellation) : OverBatches(samples, 1, (batch, _) => model.Posterior!.Mode(model.Network.forward(batch)), cancellation);

    /// <summary>Converged MAP codes on the model's dictionary, to a relative duality gap of 1e-6, [N, d].</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public float[] Converged(ISampleSet samples, CancellationToken cancellation = default)
    {
        using var problem = new LassoProblem(model.Generator.Dictionary);
        var options = new MapOptions { Lambda = experiment.Objective.Lambda };
        return OverBatches(samples, 1, (batch, _) => problem.Solve(batch, options).Codes, cancellation);
    }

    private float[] Solved(ISampleSet samples, CancellationToken cancellation)
    {
        using var problem = new LassoProblem(model.Generator.Dictionary);
        var options = MapOptions.PublishedFista(experiment.Objective.Lambda * anneal.NoiseScale);
        // The published stop rule looks at the whole batch: batches are the training's.
        return OverBatches(samples, 1, (batch, _) => problem.Solve(batch, options, MapSolver.Fista).Codes, cancellation, experiment.Schedule.BatchSize);
    }

    private Tensor Selected(Tensor batch, NoiseKey key, int firstRow, int budget)
    {
        var heads = model.Network!.forward(batch);
        var codes = model.Posterior!.Sample(heads, model.Noise!.Draw(key, firstRow, heads, budget), anneal);
        if (budget == 1 || experiment.Sampling.Selection == SampleSelection.Average) return codes.select(1, 0);
        var losses = ElboTerms.Reconstruction(batch.unsqueeze(1) - model.Generator.Decode(codes));
        var chosen = experiment.Sampling.Selection == SampleSelection.Max ? Selection.Best(losses) : Categorical(losses, key, firstRow);
        return codes[arange(batch.shape[0], device: batch.device), chosen];
    }

    private static Tensor Categorical(Tensor losses, NoiseKey key, int firstRow)
    {
        int rows = (int)losses.shape[0];
        var uniform = TensorMemory.Filled([rows, 1], losses.dtype, losses.device,
            span => CounterNoise.FillUniform(key, CategoricalStream, firstRow, rows, 1, 1, span),
            span => CounterNoise.FillUniform(key, CategoricalStream, firstRow, rows, 1, 1, span));
        var cumulative = Selection.Weights(losses, SampleSelection.Iwae).cumsum(1);
        return (cumulative < uniform).sum(1).clamp(max: losses.shape[1] - 1);
    }

    private float[] OverBatches(ISampleSet samples, int budget, Func<Tensor, int, Tensor> infer, CancellationToken cancellation, int batchSize = 0)
    {
        using var outer = NewDisposeScope();
        using var _ = no_grad();
        int atoms = experiment.Generator.Atoms;
        if (batchSize == 0) batchSize = Math.Clamp(LargestTensor / (budget * Math.Max(atoms, samples.Dimension)), 1, 1000);
        var codes = new float[(long)samples.Count * atoms];
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int[] rows = [.. Enumerable.Range(first, Math.Min(batchSize, samples.Count - first))];
            var batch = empty([rows.Length, samples.Dimension]);
            samples.CopyRows(rows, batch.Span<float>());
            var found = infer(batch.to(model.Device), first).to(ScalarType.Float32, CPU).contiguous();
            found.Span<float>().CopyTo(codes.AsSpan(first * atoms));
        }
        return codes;
    }
}
