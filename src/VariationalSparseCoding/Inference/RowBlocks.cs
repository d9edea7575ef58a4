using System.Collections.Concurrent;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Inference;

/// <summary>Work on samples in blocks of rows, on several threads where it is worth it, each with a worker of its own that is kept for the next time.</summary>
/// <typeparam name="T">The worker, which has a thread's buffers.</typeparam>
/// <param name="blockRows">The most rows of a block.</param>
/// <param name="threads">The most threads; 0: one for each core.</param>
/// <param name="create">Creates a worker.</param>
internal sealed class RowBlocks<T>(int blockRows, int threads, Func<T> create)
{
    private readonly ConcurrentBag<T> idle = [];

    /// <summary>Does a block.</summary>
    /// <param name="worker">The thread's worker.</param>
    /// <param name="x">The block's samples, [rows, D].</param>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="results">Receives their results.</param>
    public delegate void Work(T worker, MatrixOperand x, int firstRow, int rows, MatrixOperand results);

    /// <summary>Forgets the workers, which know the parameters as they were.</summary>
    public void Clear() => idle.Clear();

    /// <summary>Works through samples.</summary>
    /// <param name="x">Samples, [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="results">Receives the results, [N, n].</param>
    /// <param name="columns">n.</param>
    /// <param name="work">Does a block; blocks are done at the same time.</param>
    public unsafe void Run(ReadOnlySpan<float> x, int dimension, Span<float> results, int columns, Work work)
    {
        int rows = x.Length / dimension, blocks = (rows + blockRows - 1) / blockRows;
        fixed (float* xStart = x, resultStart = results)
        {
            MatrixOperand from = new(xStart, dimension), to = new(resultStart, columns);
            ParallelRanges.Run(blocks, Threads(rows), (firstBlock, endBlock) =>
            {
                var worker = idle.TryTake(out var former) ? former : create();
                for (int first = firstBlock * blockRows; first < Math.Min(rows, endBlock * blockRows); first += blockRows)
                    work(worker, from.From(first), first, Math.Min(blockRows, rows - first), to.From(first));
                idle.Add(worker);
            });
        }
    }

    /// <summary>Returns how many threads rows are worth: a few take less time than waking another.</summary>
    /// <param name="rows">Number of rows.</param>
    public int Threads(int rows) => Math.Clamp(rows / blockRows, 1, threads > 0 ? threads : Environment.ProcessorCount);
}
