using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A solver that works sample by sample on the CPU, in float64, on several threads. A^T x of the whole batch is one matrix product;
/// from then on only the rows of the Gram matrix that belong to a sample's support are read. Codes do not depend on the threads.
/// </summary>
internal abstract class SampleSolver : IMapSolver
{
    // Samples in memory at a time in float64, and those a thread takes at a time.
    internal const int BlockSize = 4096;
    private const int ChunkSize = 16;

    /// <inheritdoc/>
    public MapResult Solve(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes = null)
    {
        options.Validate();
        if (options.StopRule == MapStopRule.Published) throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        problem.CheckInput(x, initialCodes);
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var codes = zeros([x.shape[0], problem.Atoms], x.dtype, CPU);
        var outcome = new Outcome((int)x.shape[0]);
        for (int first = 0; first < x.shape[0]; first += BlockSize)
        {
            using var block = NewDisposeScope();
            long count = Math.Min(BlockSize, x.shape[0] - first);
            var samples = x.narrow(0, first, count).to(float64);
            var projections = samples.mm(problem.ExactDictionary).cpu().contiguous();
            // Row by row inner products, without a tensor of squares.
            var squaredNorms = samples.unsqueeze(1).bmm(samples.unsqueeze(2)).cpu();
            var start = initialCodes?.narrow(0, first, count).to(float64).cpu().contiguous();
            Run(problem.PaddedGram, options, new(first, projections, squaredNorms, start, codes.narrow(0, first, count)), outcome);
        }
        return new(codes.to(x.device).MoveToOuterDisposeScope(), outcome.Objective, outcome.Gap, outcome.Iterations, outcome.Reasons);
    }

    /// <summary>Makes what solves one loaded sample; each thread gets its own.</summary>
    protected abstract Func<LassoSample, MapStopReason> Create();

    private void Run(PaddedGram gram, MapOptions options, Block block, Outcome outcome)
    {
        int samples = (int)block.Projections.shape[0], nextChunk = -1;
        int chunks = (samples + ChunkSize - 1) / ChunkSize;
        int threads = Math.Min(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, chunks);
        if (threads == 1) Work(0);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);

        void Work(int thread)
        {
            var sample = new LassoSample(gram, options, singlePrecision: block.Codes.dtype == ScalarType.Float32);
            var solve = Create();
            for (int chunk = Interlocked.Increment(ref nextChunk); chunk < chunks; chunk = Interlocked.Increment(ref nextChunk))
                SolveRows(block, chunk * ChunkSize, Math.Min(samples, (chunk + 1) * ChunkSize), sample, solve, outcome);
        }
    }

    private static void SolveRows(Block block, int from, int to, LassoSample sample, Func<LassoSample, MapStopReason> solve, Outcome outcome)
    {
        int atoms = sample.Gram.Atoms;
        Span<double> projections = Values<double>(block.Projections), squaredNorms = Values<double>(block.SquaredNorms);
        var start = block.Start is null ? [] : Values<double>(block.Start);
        var codes = block.Codes.bytes;
        for (int row = from; row < to; row++)
        {
            sample.Load(projections.Slice(row * atoms, atoms), squaredNorms[row], start.IsEmpty ? [] : start.Slice(row * atoms, atoms));
            outcome.Set(block.First + row, solve(sample), sample);
            if (sample.SinglePrecision) Narrow(sample.Codes, MemoryMarshal.Cast<byte, float>(codes).Slice(row * atoms, atoms));
            else sample.Codes.CopyTo(MemoryMarshal.Cast<byte, double>(codes).Slice(row * atoms, atoms));
        }
    }

    private static Span<T> Values<T>(Tensor tensor) where T : struct => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    private static void Narrow(ReadOnlySpan<double> codes, Span<float> destination)
    {
        for (int i = 0; i < codes.Length; i++) destination[i] = (float)codes[i];
    }

    /// <summary>A block of B' samples: the index of its first, A^T x [B', d], ||x||^2 [B', 1, 1], initial codes [B', d] in float64; codes [B', d] to be written.</summary>
    private sealed record Block(int First, Tensor Projections, Tensor SquaredNorms, Tensor? Start, Tensor Codes);

    private sealed class Outcome(int samples)
    {
        public double[] Objective { get; } = new double[samples];

        public double[] Gap { get; } = new double[samples];

        public int[] Iterations { get; } = new int[samples];

        public MapStopReason[] Reasons { get; } = new MapStopReason[samples];

        public void Set(int row, MapStopReason reason, LassoSample sample) =>
            (Objective[row], Gap[row], Iterations[row], Reasons[row]) = (sample.Objective, sample.Gap, sample.Iterations, reason);
    }
}
