using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Rows of D values in any number of files, numbered through in the order of the files. Only headers are read when it is opened, and memory does not grow with the rows.
/// Reading is safe from several threads.
/// </summary>
internal sealed class RowStore : IDisposable
{
    // How much of a file whose rows can be read one by one counts as a block beside files that are read block by block.
    private const int BlockBytes = 1 << 24;

    private readonly RowShard[] shards;
    private readonly long[] starts, blockStarts = [];
    private readonly BlockCache? cache;

    private RowStore(string source, RowShard[] shards)
    {
        (Source, this.shards) = (source, shards);
        starts = new long[shards.Length + 1];
        for (int shard = 0; shard < shards.Length; shard++) starts[shard + 1] = checked(starts[shard] + shards[shard].Rows);
        ShardParts = [.. shards.Select((shard, index) => new RowRange(starts[index], shard.Rows))];
        if (Array.TrueForAll(shards, shard => shard.BlockRows is null)) return;
        Blocks = [.. ShardParts.SelectMany((part, index) => BlocksOf(shards[index], part))];
        blockStarts = [.. Blocks.Select(block => block.First), Rows];
        cache = new(this);
    }

    /// <summary>What was opened.</summary>
    public string Source { get; }

    /// <summary>N.</summary>
    public long Rows => starts[^1];

    /// <summary>D.</summary>
    public int Columns => shards[0].Columns;

    /// <summary>The rows of each file.</summary>
    public IReadOnlyList<RowRange> ShardParts { get; }

    /// <summary>The rows that are read together; null where any row can be read by itself.</summary>
    public IReadOnlyList<RowRange>? Blocks { get; }

    /// <summary>What a person should know of the store, in one line each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>How many rows the mixing buffer of a store of <see cref="Blocks"/> should hold.</summary>
    public long MixedRows => BlockCache.MixedBytes / ((long)Columns * sizeof(float));

    /// <summary>Opens a store.</summary>
    /// <param name="source">A file, a folder of files, or a path with * or ? in its last part.</param>
    /// <param name="part">Which tensor, array, column or layer; empty for the only one.</param>
    /// <exception cref="InvalidInputException">There are no files, one of them is damaged, or their rows have different lengths.</exception>
    public static RowStore Open(string source, string part)
    {
        List<RowShard> shards = [];
        try
        {
            List<string> notes = [];
            shards.AddRange(StoreFiles.Open(source, part, notes));
            if (shards.FirstOrDefault(shard => shard.Columns != shards[0].Columns) is { } other)
                throw InputFile.Malformed(other.Path, $"its rows have {other.Columns} values where those of {shards[0].Path} have {shards[0].Columns}", "all files of a store need rows of the same length");
            return new(source, [.. shards]) { Notes = notes };
        }
        catch
        {
            foreach (var shard in shards) shard.Dispose();
            throw;
        }
    }

    /// <summary>Returns how many of some rows, from the first on, follow each other in one file.</summary>
    /// <param name="rows">Rows of the store.</param>
    public int Neighbours(ReadOnlySpan<long> rows)
    {
        long end = starts[ShardOf(rows[0]) + 1];
        int count = 1;
        while (count < rows.Length && rows[count] == rows[0] + count && rows[count] < end) count++;
        return count;
    }

    /// <summary>Reads rows, which may be anywhere, and checks that their values are finite.</summary>
    /// <param name="rows">Rows of the store, [B].</param>
    /// <param name="destination">Receives them row after row, [B, D].</param>
    /// <exception cref="InvalidInputException">A value is not finite, or a file is damaged or cannot be read any more.</exception>
    public void Read(ReadOnlySpan<long> rows, Span<float> destination)
    {
        while (!rows.IsEmpty)
        {
            int count;
            if (cache is null)
            {
                count = Neighbours(rows);
                int shard = ShardOf(rows[0]);
                shards[shard].Read(rows[0] - starts[shard], count, destination);
            }
            else
            {
                int block = BlockOf(rows[0]);
                var part = Blocks![block];
                float[] values = cache.Get(block);
                for (count = 0; count < rows.Length && part.Contains(rows[count]); count++)
                    values.AsSpan((int)(rows[count] - part.First) * Columns, Columns).CopyTo(destination[(count * Columns)..]);
            }
            RequireFinite(rows[..count], destination[..(count * Columns)]);
            rows = rows[count..];
            destination = destination[(count * Columns)..];
        }
    }

    /// <summary>Begins to read blocks that are wanted soon.</summary>
    /// <param name="blocks">Their numbers.</param>
    public void Announce(IEnumerable<int> blocks) => cache?.Announce(blocks);

    /// <summary>Reads a block.</summary>
    /// <param name="block">Its number.</param>
    internal float[] ReadBlock(int block)
    {
        var part = Blocks![block];
        int shard = ShardOf(part.First);
        float[] values = new float[checked(part.Rows * Columns)];
        shards[shard].Read(part.First - starts[shard], (int)part.Rows, values);
        return values;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        cache?.Dispose();
        foreach (var shard in shards) shard.Dispose();
    }

    private static IEnumerable<RowRange> BlocksOf(RowShard shard, RowRange part)
    {
        long first = part.First, end = part.First + part.Rows;
        if (shard.BlockRows is { } blocks)
        {
            foreach (int rows in blocks)
            {
                yield return new(first, rows);
                first += rows;
            }
            yield break;
        }
        long usual = Math.Max(1, BlockBytes / ((long)shard.Columns * sizeof(float)));
        for (; first < end; first += usual) yield return new(first, Math.Min(usual, end - first));
    }

    private int ShardOf(long row) => Parts.Of(starts, row);

    private int BlockOf(long row) => Parts.Of(blockStarts, row);

    private void RequireFinite(ReadOnlySpan<long> rows, ReadOnlySpan<float> values)
    {
        int odd = Widening.IndexOfNonFinite(values);
        if (odd < 0) return;
        long row = rows[odd / Columns];
        int shard = ShardOf(row);
        throw new InvalidInputException(FormattableString.Invariant(
            $"{shards[shard].Path}: the value in row {row - starts[shard]}, column {odd % Columns} is {values[odd]} (read as float32); remove the row or replace the value"));
    }
}

/// <summary>Rows that follow each other.</summary>
/// <param name="First">The first row.</param>
/// <param name="Rows">How many rows.</param>
internal readonly record struct RowRange(long First, long Rows)
{
    /// <summary>Whether a row is among them.</summary>
    /// <param name="row">The row.</param>
    public bool Contains(long row) => row >= First && row - First < Rows;
}
