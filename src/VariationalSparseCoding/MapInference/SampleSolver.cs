using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A solver that works sample by sample on the CPU, in float64, on several threads. A^T x of the whole batch is one matrix product;
/// from then on only the rows of the Gram matrix that belong to a sample's support are read. Codes do not depend on the threads.
/// </summary>
internal abstract class SampleSolver : IMapSolver
{
    private const int ChunkSize = 16;

    /// <inheritdoc/>
    public MapResult Solve(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes = null)
    {
        options.Validate();
        if (options.StopRule == MapStopRule.Published) throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        problem.CheckInput(x, initialCodes);
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var exact = x.to(float64);
        var projections = exact.mm(problem.ExactDictionary).cpu().contiguous();
        // Row by row inner products, without a tensor of squares.
        var squaredNorms = exact.unsqueeze(1).bmm(exact.unsqueeze(2)).cpu();
        var start = initialCodes?.to(float64).cpu().contiguous();
        var codes = zeros([x.shape[0], problem.Atoms], x.dtype, CPU);
        var outcome = new Outcome((int)x.shape[0]);
        Run(problem.PaddedGram, options, (projections, squaredNorms, start, codes), outcome);
        return new(codes.to(x.device).MoveToOuterDisposeScope(), outcome.Objective, outcome.Gap, outcome.Iterations, outcome.Reasons);
    }

    /// <summary>Makes what solves one loaded sample; each thread gets its own.</summary>
    protected abstract Func<LassoSample, MapStopReason> Create();

    private void Run(PaddedGram gram, MapOptions options, (Tensor Projections, Tensor SquaredNorms, Tensor? Start, Tensor Codes) tensors, Outcome outcome)
    {
        int samples = outcome.Iterations.Length, nextChunk = -1;
        int chunks = (samples + ChunkSize - 1) / ChunkSize;
        int threads = Math.Min(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, chunks);
        if (threads <= 1) Work(0);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);

        void Work(int thread)
        {
            bool single = tensors.Codes.dtype == ScalarType.Float32;
            var sample = new LassoSample(gram, options, single);
            var solve = Create();
            var projections = MemoryMarshal.Cast<byte, double>(tensors.Projections.bytes);
            var squaredNorms = MemoryMarshal.Cast<byte, double>(tensors.SquaredNorms.bytes);
            var start = tensors.Start is null ? [] : MemoryMarshal.Cast<byte, double>(tensors.Start.bytes);
            var codes = tensors.Codes.bytes;
            for (int chunk = Interlocked.Increment(ref nextChunk); chunk < chunks; chunk = Interlocked.Increment(ref nextChunk))
            {
                for (int row = chunk * ChunkSize; row < Math.Min(samples, (chunk + 1) * ChunkSize); row++)
                {
                    sample.Load(projections.Slice(row * gram.Atoms, gram.Atoms), squaredNorms[row], start.IsEmpty ? [] : start.Slice(row * gram.Atoms, gram.Atoms));
                    outcome.Set(row, solve(sample), sample);
                    if (single) Store(sample.Codes, MemoryMarshal.Cast<byte, float>(codes).Slice(row * gram.Atoms, gram.Atoms));
                    else sample.Codes.CopyTo(MemoryMarshal.Cast<byte, double>(codes)[(row * gram.Atoms)..]);
                }
            }
        }
    }

    private static void Store(ReadOnlySpan<double> codes, Span<float> destination)
    {
        for (int i = 0; i < codes.Length; i++) destination[i] = (float)codes[i];
    }

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
