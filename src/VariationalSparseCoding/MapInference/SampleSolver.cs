using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A solver that works sample by sample on the CPU, in float64, on several threads. A thread takes a block of samples, multiplies
/// them by the dictionary, and solves one after the other; then only the rows of the Gram matrix that belong to a sample's support
/// are read. No library's threads take part: they would go on spinning where the solver's own threads run. Codes do not depend on the threads.
/// </summary>
internal abstract class SampleSolver : IMapSolver
{
    /// <inheritdoc/>
    public MapResult Solve(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes = null)
    {
        options.Validate();
        if (options.StopRule == MapStopRule.Published) throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        problem.CheckShapes(x, initialCodes);
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        // The memory of every row is written: there is no need to clear it first.
        var codes = empty([x.shape[0], problem.Atoms], x.dtype, CPU);
        var batch = new Batch(x.cpu().contiguous(), initialCodes?.to(float64).cpu().contiguous(), codes);
        Run(problem.PackedDictionary, problem.PaddedGram, options, batch);
        if (batch.Objective.Any(double.IsNaN)) throw Unusable(x, Array.FindIndex(batch.Objective, double.IsNaN));
        return new(codes.to(x.device).MoveToOuterDisposeScope(), batch.Objective, batch.Gap, batch.Iterations, batch.Reasons);
    }

    /// <summary>Makes what solves one loaded sample; each thread gets its own.</summary>
    protected abstract Func<LassoSample, MapStopReason> Create();

    private void Run(PackedMatrix dictionary, PaddedGram gram, MapOptions options, Batch batch)
    {
        int nextBlock = -1, blocks = (batch.Objective.Length + SampleBlock.Size - 1) / SampleBlock.Size;
        int threads = Math.Min(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, blocks);
        if (threads <= 1) Work(0);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);

        void Work(int thread)
        {
            var block = new SampleBlock(dictionary);
            var sample = new LassoSample(gram, options, singlePrecision: batch.Codes.dtype == ScalarType.Float32);
            var solve = Create();
            for (int taken = Interlocked.Increment(ref nextBlock); taken < blocks; taken = Interlocked.Increment(ref nextBlock))
                SolveBlock(block, taken * SampleBlock.Size, batch, sample, solve);
        }
    }

    private static void SolveBlock(SampleBlock block, int first, Batch batch, LassoSample sample, Func<LassoSample, MapStopReason> solve)
    {
        int atoms = sample.Gram.Atoms, count = Math.Min(SampleBlock.Size, batch.Objective.Length - first);
        block.Load(batch.X, first, count);
        var start = batch.Start is null ? [] : batch.Start.Span<double>().Slice(first * atoms, count * atoms);
        Span<float> single = sample.SinglePrecision ? batch.Codes.Span<float>().Slice(first * atoms, count * atoms) : [];
        Span<double> doubled = sample.SinglePrecision ? [] : batch.Codes.Span<double>().Slice(first * atoms, count * atoms);
        for (int i = 0; i < count; i++)
        {
            double squaredNorm = block.SquaredNorm(i);
            if (!double.IsFinite(squaredNorm))
            {
                batch.Objective[first + i] = double.NaN;
                continue;
            }
            sample.Load(block.Projections(i), squaredNorm, start.IsEmpty ? [] : start.Slice(i * atoms, atoms));
            batch.Finish(first + i, solve(sample), sample);
            if (sample.SinglePrecision) Precision.Narrow(sample.Codes, single.Slice(i * atoms, atoms));
            else sample.Codes.CopyTo(doubled.Slice(i * atoms, atoms));
        }
    }

    private static InvalidInputException Unusable(Tensor x, int row)
    {
        LassoProblem.CheckFinite(x);
        return new($"x has values in row {row} whose squares are out of range; scale it down.");
    }

    /// <summary>Samples x [B, D] and initial codes [B, d] in float64, if any; codes [B, d] to be written; what becomes known of each sample.</summary>
    private sealed record Batch(Tensor X, Tensor? Start, Tensor Codes)
    {
        public double[] Objective { get; } = new double[X.shape[0]];

        public double[] Gap { get; } = new double[X.shape[0]];

        public int[] Iterations { get; } = new int[X.shape[0]];

        public MapStopReason[] Reasons { get; } = new MapStopReason[X.shape[0]];

        public void Finish(int row, MapStopReason reason, LassoSample sample) =>
            (Objective[row], Gap[row], Iterations[row], Reasons[row]) = (sample.Objective, sample.Gap, sample.Iterations, reason);
    }
}
