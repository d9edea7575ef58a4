using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Inference;

/// <summary>Receives a block of codes.</summary>
/// <param name="firstRow">The row of the first code.</param>
/// <param name="codes">The codes, [B, d] or as the call says; valid until it returns.</param>
internal delegate void CodeSink(int firstRow, ReadOnlySpan<float> codes);

/// <summary>Codes of a model for many samples, block after block.</summary>
/// <param name="model">The model.</param>
/// <param name="anneal">The annealed weights under which codes are drawn.</param>
internal sealed class CodeInference(SparseCodingModel model, AnnealedWeights anneal)
{
    // Numbers of a block's samples or codes.
    private const int LargestBlock = 1 << 22, MostRows = 4096;

    private readonly Experiment experiment = model.Experiment;
    private readonly bool isAutoencoder = MethodTable.Find(model.Experiment.Method)!.Gate is not null;

    /// <summary>Returns all codes at once.</summary>
    /// <param name="kind">Which codes.</param>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="draws">J of codes as trained.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>Codes, [N, d].</returns>
    public float[] Codes(CodeKind kind, ISampleSet samples, NoiseKey key, int draws, CancellationToken cancellation = default)
    {
        float[] codes = new float[checked(samples.Count * model.Atoms)];
        Stream(new(kind, key, draws, anneal), samples, noiseRow: 0, (firstRow, block) => block.CopyTo(codes.AsSpan(firstRow * model.Atoms)), cancellation);
        return codes;
    }

    /// <summary>Computes the codes that a caller of the library asks for.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="samples">Preprocessed samples.</param>
    /// <param name="sink">Receives the blocks, [B, d], in order.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InvalidInputException">The model has no such codes.</exception>
    public void Stream(EncodeOptions options, ISampleSet samples, CodeSink sink, CancellationToken cancellation = default)
    {
        // The published FISTA's codes depend on the batch they are in, so that new data get the optimum.
        var kind = !model.HasNetwork && options.Kind != CodeKind.ZeroCode ? CodeKind.ConvergedFista : options.Kind ?? DefaultCode.KindOf(experiment);
        if (kind == CodeKind.Encoder && !isAutoencoder)
            throw new InvalidInputException($"method '{experiment.Method}' has no codes of its encoder alone, because it draws or solves for them; leave out the kind, or ask for the mean or the optimum");
        if (!model.HasDictionary && (kind is CodeKind.ConvergedFista or CodeKind.Map || options.Refine != 0))
            throw new InvalidInputException("codes by FISTA and refined codes need a dictionary, which a convolutional generator is not; take the best of J draws, one draw, or the posterior's mean or mode");
        var request = new CodeRequest(kind, new(options.Seed ?? experiment.Seed, NoisePurpose.Evaluation, 0), options.Draws ?? experiment.Sampling.DrawsInEvaluation, anneal);
        if (options.Refine > 0)
        {
            var problem = model.Problem();
            Stream(request, samples, options.FirstRow, (firstRow, codes) => Deliver(firstRow, Refine(problem, samples, options.Refine, firstRow, codes)), cancellation);
        }
        else Stream(request, samples, options.FirstRow, Deliver, cancellation);

        void Deliver(int firstRow, ReadOnlySpan<float> codes)
        {
            RequireFinite(firstRow, codes);
            sink(firstRow, options.Active is { } most ? Strongest(codes, most) : codes);
        }
    }

    /// <summary>Computes codes of several stochastic passes over each sample; the step of the key is the pass.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="key">Seed and purpose of the noise.</param>
    /// <param name="draws">J, of which each pass selects a code.</param>
    /// <param name="passes">Number of passes, P.</param>
    /// <param name="sink">Receives the blocks [B, P, d] in order.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public void Passes(ISampleSet samples, NoiseKey key, int draws, int passes, CodeSink sink, CancellationToken cancellation = default)
    {
        int atoms = model.Atoms;
        float[] codes = [], ofPasses = [];
        OverBlocks(samples, passes, (x, firstRow) =>
        {
            int rows = x.Length / model.Dimension;
            if (codes.Length != rows * atoms) (codes, ofPasses) = (new float[rows * atoms], new float[rows * passes * atoms]);
            for (int pass = 0; pass < passes; pass++)
            {
                model.Encode(new(CodeKind.AsTrained, key with { Step = (uint)pass }, draws, anneal), x, firstRow, codes);
                for (int row = 0; row < rows; row++) codes.AsSpan(row * atoms, atoms).CopyTo(ofPasses.AsSpan((row * passes + pass) * atoms));
            }
            sink(firstRow, ofPasses);
        }, cancellation);
    }

    /// <summary>Computes the KL of each latent feature's posterior to the fixed prior.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="sink">Receives the blocks [B, d] in order.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public void Divergences(ISampleSet samples, CodeSink sink, CancellationToken cancellation = default) => OverBlocks(samples, 1, (x, firstRow) =>
    {
        float[] divergences = new float[x.Length / model.Dimension * model.Atoms];
        model.Divergences(x, divergences);
        sink(firstRow, divergences);
    }, cancellation);

    /// <summary>Computes the probability that each feature is active.</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="sink">Receives the blocks [B, d] in order.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InvalidInputException">The model has no posterior of which this is known.</exception>
    public void Probabilities(ISampleSet samples, CodeSink sink, CancellationToken cancellation = default) => OverBlocks(samples, 1, (x, firstRow) =>
    {
        float[] probabilities = new float[x.Length / model.Dimension * model.Atoms];
        model.Probabilities(x, probabilities);
        RequireFinite(firstRow, probabilities);
        sink(firstRow, probabilities);
    }, cancellation);

    /// <summary>Returns the KL of each latent feature's posterior to the fixed prior, [N, d].</summary>
    /// <param name="samples">Preprocessed samples, N of them.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public float[] Divergences(ISampleSet samples, CancellationToken cancellation = default)
    {
        float[] divergences = new float[checked(samples.Count * model.Atoms)];
        Divergences(samples, (firstRow, block) => block.CopyTo(divergences.AsSpan(firstRow * model.Atoms)), cancellation);
        return divergences;
    }

    private void Stream(CodeRequest request, ISampleSet samples, int noiseRow, CodeSink sink, CancellationToken cancellation)
    {
        double lambda = experiment.Objective.Lambda;
        var kind = request.Kind;
        if (!model.HasNetwork && kind is CodeKind.SingleDraw or CodeKind.Mean or CodeKind.Mode) kind = CodeKind.AsTrained;
        if (kind == CodeKind.SingleDraw) request = request with { Draws = 1 };
        if (kind == CodeKind.ZeroCode) OverBlocks(samples, 1, (x, firstRow) => sink(firstRow, new float[x.Length / model.Dimension * model.Atoms]), cancellation);
        else if (kind is CodeKind.ConvergedFista or CodeKind.Map)
        {
            var problem = model.Problem();
            double weight = kind == CodeKind.Map ? DefaultCode.MapLambda(experiment, model.Dimension) : lambda;
            OverBlocks(samples, 1, (x, firstRow) => sink(firstRow, Optimum(problem, x, new() { Lambda = weight, LambdaShare = kind == CodeKind.Map ? DefaultCode.MostOfSample : double.PositiveInfinity }, firstRow, [])), cancellation);
        }
        else if (!model.HasNetwork)
        {
            var problem = model.Problem();
            // The published stop rule looks at the whole batch: batches are the training's.
            OverBlocks(samples, 1, (x, firstRow) => sink(firstRow, problem.Solve(x, MapOptions.PublishedFista(lambda * anneal.NoiseScale) with { Threads = experiment.Compute.Threads }, MapSolver.Fista).Codes),
                cancellation, experiment.Schedule.BatchSize);
        }
        else
        {
            float[] codes = [];
            OverBlocks(samples, 1, (x, firstRow) =>
            {
                int length = x.Length / model.Dimension * model.Atoms;
                if (codes.Length != length) codes = new float[length];
                model.Encode(request, x, noiseRow + firstRow, codes);
                sink(firstRow, codes);
            }, cancellation);
        }
    }

    /// <summary>Returns codes of which only the features of largest magnitude are left.</summary>
    private float[] Strongest(ReadOnlySpan<float> codes, int most)
    {
        float[] kept = codes.ToArray();
        ulong[] keys = new ulong[model.Atoms];
        for (int first = 0; first < kept.Length && most < model.Atoms; first += model.Atoms)
        {
            var code = kept.AsSpan(first, model.Atoms);
            for (int i = 0; i < keys.Length; i++) keys[i] = Largest.Key(Math.Abs(code[i]), i);
            ulong least = Largest.Select(keys, most);
            for (int i = 0; i < keys.Length; i++)
                if (Largest.Key(Math.Abs(code[i]), i) < least) code[i] = 0;
        }
        return kept;
    }

    private float[] Refine(LassoProblem problem, ISampleSet samples, int steps, int firstRow, ReadOnlySpan<float> codes)
    {
        float[] x = samples.Rows(firstRow, codes.Length / model.Atoms);
        // A number of steps is one of FISTA's; of the optimum only that it is reached matters.
        return steps == EncodeOptions.UntilConverged ? Optimum(problem, x, new() { Lambda = experiment.Objective.Lambda }, firstRow, codes) : problem.Iterate(model.WithoutOffset(x), experiment.Objective.Lambda, steps, codes, experiment.Compute.Threads);
    }

    /// <summary>The optimum for every sample of a block. A code that is not it is not given out.</summary>
    private float[] Optimum(LassoProblem problem, ReadOnlySpan<float> x, MapOptions options, int firstRow, ReadOnlySpan<float> initialCodes) =>
        problem.Solve(model.WithoutOffset(x), options with { Threads = experiment.Compute.Threads }, initialCodes: initialCodes).Optimal(firstRow);

    private void RequireFinite(int firstRow, ReadOnlySpan<float> codes)
    {
        if (Precision.IndexOfNonFinite(codes) is var index && index < 0) return;
        throw new InvalidInputException($"row {firstRow + index / model.Atoms}: the model's code is NaN or infinite, because its parameters are damaged, its training diverged, or the sample is far out of the range of those it was trained on; take an earlier checkpoint or train again.");
    }

    private delegate void BlockWork(ReadOnlySpan<float> x, int firstRow);

    // A finite value that is standardised can be more than float32 holds.
    private float[] Rows(ISampleSet samples, int first, int count)
    {
        float[] x = samples.Rows(first, count);
        return Precision.IndexOfNonFinite(x) is var odd && odd < 0 ? x
            : throw new InvalidInputException($"row {first + odd / model.Dimension}, value {odd % model.Dimension}: is too large beside those that the model was trained on, for float32 does not hold it once it is standardised; scale it, or leave the row out");
    }

    private void OverBlocks(ISampleSet samples, int copies, BlockWork work, CancellationToken cancellation, int blockRows = 0)
    {
        if (blockRows == 0) blockRows = Math.Clamp(LargestBlock / (copies * Math.Max(model.Atoms, model.Dimension)), 1, MostRows);
        for (int first = 0; first < samples.Count; first += blockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            work(Rows(samples, first, Math.Min(blockRows, samples.Count - first)), first);
        }
    }
}
