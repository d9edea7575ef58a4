using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A method that finds, for every row x of X, the code z that minimises F(z) = 1/2 ||x - A z||^2 + lambda ||z||_1, in float64 on several threads.
/// A thread takes a block of samples, multiplies them by the dictionary and solves them; codes do not depend on the threads.
/// </summary>
internal abstract class BlockSolver
{
    /// <summary>Solves for a batch.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="problem">The dictionary A, [D, d].</param>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; empty for the method's own start.</param>
    /// <param name="options">lambda and when to stop; valid, with the stop rule <see cref="MapStopRule.DualityGap"/>.</param>
    /// <param name="codes">Receives the codes, [B, d].</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>What is known of each sample, [B].</returns>
    public unsafe SampleOutcome[] Solve<T>(LassoProblem problem, ReadOnlySpan<T> x, ReadOnlySpan<T> initialCodes, MapOptions options, T[] codes, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var outcomes = new SampleOutcome[x.Length / problem.InputSize];
        int nextBlock = -1, blocks = (outcomes.Length + SampleBlock.Size - 1) / SampleBlock.Size, threads = Math.Min(options.EffectiveThreads, blocks);
        var dictionary = problem.Packed;
        fixed (T* firstSample = x, firstCode = initialCodes)
        {
            PinnedSpan<T> samples = new(firstSample, x.Length), start = new(firstCode, initialCodes.Length);
            if (threads <= 1) Work(0);
            else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);

            void Work(int thread)
            {
                var block = new SampleBlock(dictionary, Math.Clamp(outcomes.Length, 1, SampleBlock.Size));
                var solve = Create(problem, options, isSinglePrecision: typeof(T) == typeof(float));
                for (int taken = Interlocked.Increment(ref nextBlock); taken < blocks && !cancellationToken.IsCancellationRequested; taken = Interlocked.Increment(ref nextBlock))
                {
                    int first = taken * SampleBlock.Size, count = Math.Min(SampleBlock.Size, outcomes.Length - first);
                    if (block.Load(Rows(samples.Span, first, count, problem.InputSize), Rows(start.Span, first, count, problem.Atoms))) solve(block);
                    block.CopyCodes(codes.AsSpan(first * problem.Atoms, count * problem.Atoms));
                    block.Outcomes.CopyTo(outcomes.AsSpan(first));
                }
            }
        }
        cancellationToken.ThrowIfCancellationRequested();
        return outcomes;
    }

    /// <summary>Makes what solves a loaded block whose samples are all usable; each thread gets its own.</summary>
    /// <param name="problem">The dictionary.</param>
    /// <param name="options">lambda and when to stop.</param>
    /// <param name="isSinglePrecision">Whether the codes will be returned in float32.</param>
    protected abstract Action<SampleBlock> Create(LassoProblem problem, MapOptions options, bool isSinglePrecision);

    /// <summary>Some rows of a matrix; none of none.</summary>
    private static ReadOnlySpan<T> Rows<T>(ReadOnlySpan<T> matrix, int first, int count, int columns) => matrix.IsEmpty ? [] : matrix.Slice(first * columns, count * columns);
}
