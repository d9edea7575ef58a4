using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Codes of samples from a model that is not being changed. A code depends on its own sample and row only, not on the batch it is in.</summary>
/// <param name="model">The model.</param>
/// <param name="anneal">Warm-up and temperature; <see cref="AnnealedWeights.Evaluation"/> for a trained model.</param>
internal sealed class CodeInference(SparseCodingModel model, AnnealedWeights anneal)
{
    private const int LargestTensor = 1 << 23;
    private const int CategoricalStream = 100;

    private readonly Experiment experiment = model.Experiment;

    /// <summary>Codes of a kind, all at once.</summary>
    /// <param name="kind">Which codes; for MAP inference as trained, mean, mode and single sample are all the published FISTA's.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="budget">J of codes as trained.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Codes, [N, d].</returns>
    public float[] Codes(CodeKind kind, ISampleSet samples, NoiseKey key, int budget, CancellationToken cancellation = default)
    {
        int atoms = experiment.Generator.Atoms;
        float[] codes = new float[(long)samples.Count * atoms];
        Stream(kind, samples, key, budget, noiseRow: 0, (firstRow, block) => block.CopyTo(codes.AsSpan(firstRow * atoms)), cancellation);
        return codes;
    }

    /// <summary>Codes that options describe, block after block.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="sink">Receives the blocks in order.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Stream(EncodeOptions options, ISampleSet samples, CodeSink sink, CancellationToken cancellation = default)
    {
        // The published FISTA's codes depend on the batch they are in, so that new data get the optimum.
        var kind = model.Network is null && options.Kind != CodeKind.ZeroCode ? CodeKind.ConvergedFista : options.Kind;
        if (model.Generator is not LinearGenerator && (kind == CodeKind.ConvergedFista || options.Refine != 0))
            throw new InvalidInputException("codes by FISTA and refined codes need a dictionary, which a convolutional generator is not; take the best of J samples, a sample, or the posterior's mean or mode");
        var key = new NoiseKey(options.Seed ?? experiment.Seed, NoisePurpose.Evaluation, 0);
        using var problem = options.Refine > 0 ? new LassoProblem(model.Linear.Dictionary) : null;
        Stream(kind, samples, key, options.Draws ?? experiment.Sampling.DrawsInEvaluation, options.FirstRow,
            problem is null ? sink : (firstRow, codes) => Refine(problem, samples, options.Refine, firstRow, codes, sink), cancellation);
    }

    /// <summary>Codes of several stochastic passes over each sample, block after block; the step of the key is the pass.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="budget">J, of which each pass selects a code.</param>
    /// <param name="passes">Number of passes, P.</param>
    /// <param name="sink">Receives the blocks [B, P, d] in order.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Passes(ISampleSet samples, NoiseKey key, int budget, int passes, CodeSink sink, CancellationToken cancellation = default) =>
        OverBatches(samples, Math.Max(budget, passes), (batch, firstRow) =>
        {
            var heads = model.Network!.forward(batch);
            var codes = empty([batch.shape[0], passes, experiment.Generator.Atoms]);
            for (int pass = 0; pass < passes; pass++)
            {
                using var scope = NewDisposeScope();
                codes.select(1, pass).copy_(Selected(batch, heads, key with { Step = (uint)pass }, firstRow, budget));
            }
            return codes;
        }, sink, cancellation);

    /// <summary>KL of each sample's latents to the fixed prior in nats, with the weighted KL of learned thresholds, block after block.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="sink">Receives the blocks [B, d] in order.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Divergences(ISampleSet samples, CodeSink sink, CancellationToken cancellation = default) =>
        OverBatches(samples, 1, (batch, _) => model.Posterior!.KullbackLeibler(model.Network!.forward(batch)), sink, cancellation);

    /// <summary>The same, all at once.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>[N, d].</returns>
    public float[] Divergences(ISampleSet samples, CancellationToken cancellation = default)
    {
        int atoms = experiment.Generator.Atoms;
        float[] divergences = new float[samples.Count * atoms];
        Divergences(samples, (firstRow, block) => block.CopyTo(divergences.AsSpan(firstRow * atoms)), cancellation);
        return divergences;
    }

    /// <summary>Codes of a kind, block after block, in memory that does not grow with the number of samples.</summary>
    /// <param name="kind">Which codes.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="budget">J of codes as trained.</param>
    /// <param name="noiseRow">Number of the first sample where noise is drawn.</param>
    /// <param name="sink">Receives the blocks in order.</param>
    /// <param name="cancellation">Stops between batches.</param>
    private void Stream(CodeKind kind, ISampleSet samples, NoiseKey key, int budget, int noiseRow, CodeSink sink, CancellationToken cancellation)
    {
        if (model.Network is null && kind is (CodeKind.SingleSample or CodeKind.Mean or CodeKind.Mode)) kind = CodeKind.AsTrained;
        if (kind == CodeKind.SingleSample) budget = 1;
        using var problem = kind == CodeKind.ConvergedFista || model.Network is null ? new LassoProblem(model.Linear.Dictionary) : null;
        double lambda = experiment.Objective.Lambda;
        switch (kind)
        {
            case CodeKind.ConvergedFista:
                OverBatches(samples, 1, (batch, _) => problem!.Solve(batch, new MapOptions { Lambda = lambda }).Codes, sink, cancellation);
                break;
            case CodeKind.ZeroCode:
                OverBatches(samples, 1, (batch, _) => zeros(batch.shape[0], experiment.Generator.Atoms), sink, cancellation);
                break;
            case var _ when model.Network is null:
                // The published stop rule looks at the whole batch: batches are the training's.
                var options = MapOptions.PublishedFista(lambda * anneal.NoiseScale);
                OverBatches(samples, 1, (batch, _) => problem!.Solve(batch, options, MapSolver.Fista).Codes, sink, cancellation, experiment.Schedule.BatchSize);
                break;
            default:
                OverBatches(samples, kind is CodeKind.Mean or CodeKind.Mode ? 1 : budget, (batch, firstRow) => FromNetwork(kind, batch, key, noiseRow + firstRow, budget), sink, cancellation);
                break;
        }
    }

    /// <summary>Codes of one batch by the inference network, in the present dispose scope.</summary>
    /// <param name="kind">As trained, mean or mode.</param>
    /// <param name="batch">Preprocessed samples, [B, D].</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="firstRow">Number of the first sample where noise is drawn.</param>
    /// <param name="budget">J of codes as trained.</param>
    /// <returns>Codes, [B, d].</returns>
    public Tensor FromNetwork(CodeKind kind, Tensor batch, NoiseKey key, int firstRow, int budget) => kind switch
    {
        CodeKind.Mean => model.Posterior!.Mean(model.Network!.forward(batch)),
        CodeKind.Mode => model.Posterior!.Mode(model.Network!.forward(batch)),
        _ => Selected(batch, model.Network!.forward(batch), key, firstRow, budget),
    };

    private void Refine(LassoProblem problem, ISampleSet samples, int steps, int firstRow, ReadOnlySpan<float> codes, CodeSink sink)
    {
        using var scope = NewDisposeScope();
        var start = empty([codes.Length / problem.Atoms, problem.Atoms]);
        codes.CopyTo(start.Span<float>());
        var batch = samples.Batch(firstRow, (int)start.shape[0], model.Device);
        double lambda = experiment.Objective.Lambda;
        var initial = start.to(model.Device);
        // A number of steps is one of FISTA's; of the optimum only that it is reached matters.
        var refined = steps == EncodeOptions.UntilConverged ? problem.Solve(batch, new MapOptions { Lambda = lambda }, initialCodes: initial).Codes
            : problem.Iterate(batch, lambda, steps, initial);
        sink(firstRow, refined.cpu().contiguous().Span<float>());
    }

    private Tensor Selected(Tensor batch, HeadTensors heads, NoiseKey key, int firstRow, int budget)
    {
        var noise = model.Noise!.Draw(key, firstRow, heads, budget);
        var codes = model.Posterior!.Sample(heads, noise, anneal);
        if (budget == 1 || experiment.Sampling.Selection == SampleSelection.Average) return codes.select(1, 0);
        var losses = TrainingObjective.Scores(model, model.Prior!.For(batch, noise, anneal), batch, heads, noise, anneal, codes);
        var chosen = experiment.Sampling.Selection == SampleSelection.Max ? Selection.Best(losses) : Categorical(losses, key, firstRow);
        return codes[arange(batch.shape[0], device: batch.device), chosen];
    }

    private Tensor Categorical(Tensor losses, NoiseKey key, int firstRow)
    {
        int rows = (int)losses.shape[0];
        var uniform = TensorMemory.Filled([rows, 1], losses.dtype, losses.device,
            span => CounterNoise.FillUniform(key, CategoricalStream, firstRow, rows, 1, 1, span),
            span => CounterNoise.FillUniform(key, CategoricalStream, firstRow, rows, 1, 1, span));
        var cumulative = TrainingObjective.Weights(experiment, losses, anneal).cumsum(1);
        return (cumulative < uniform).sum(1).clamp(max: losses.shape[1] - 1);
    }

    private void OverBatches(ISampleSet samples, int budget, Func<Tensor, int, Tensor> infer, CodeSink sink, CancellationToken cancellation, int batchSize = 0)
    {
        using var outer = NewDisposeScope();
        using var _ = no_grad();
        if (batchSize == 0) batchSize = Math.Clamp(LargestTensor / (budget * Math.Max(experiment.Generator.Atoms, samples.Dimension)), 1, 1000);
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = samples.Batch(first, Math.Min(batchSize, samples.Count - first), model.Device);
            sink(first, infer(batch, first).to(ScalarType.Float32, CPU).contiguous().Span<float>());
        }
    }
}

/// <summary>Receives a block of codes.</summary>
/// <param name="firstRow">Number of the block's first sample.</param>
/// <param name="codes">The codes, [B, d], or [B, P, d] of P passes; valid during the call only.</param>
internal delegate void CodeSink(int firstRow, ReadOnlySpan<float> codes);
