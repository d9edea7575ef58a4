using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Writes a store: rows are gathered into shards, each shard appears whole, and after each the description names it. A killed writer thus leaves a store of whole shards,
/// from which <see cref="Resume"/> goes on; the same rows then give the same files. Memory is that of one shard.
/// </summary>
internal sealed class StoreWriter
{
    /// <summary>The usual size of a shard in bytes.</summary>
    public const long DefaultShardBytes = 256L << 20;

    private readonly string folder;
    private readonly byte[] pending;
    private readonly int rowBytes;
    private StoreDescription description;
    private int filled;

    private StoreWriter(string folder, StoreDescription description, long shardBytes)
    {
        (this.folder, this.description) = (folder, description);
        rowBytes = checked(description.Dimension * description.ValueBytes);
        long rows = Math.Clamp(shardBytes, rowBytes, Array.MaxLength) / rowBytes;
        pending = new byte[rows * rowBytes];
    }

    /// <summary>Rows in whole shards: whoever resumes goes on with the row of this number.</summary>
    public long WrittenRows => description.Count;

    /// <summary>Whether the store was written to its end.</summary>
    public bool IsComplete => description.Complete;

    /// <summary>The description as it stands.</summary>
    public StoreDescription Description => description;

    /// <summary>Begins a store in a folder, which is created where it is missing.</summary>
    /// <param name="folder">The folder; there must be no store in it.</param>
    /// <param name="description">Dimension, type, model, tensor, source and date; it has no shards yet.</param>
    /// <param name="shardBytes">The size of a shard in bytes, without its header; at least one row is in it, and less than 2 GB.</param>
    /// <exception cref="InvalidInputException">There is a store already, or the folder cannot be written.</exception>
    public static StoreWriter Create(string folder, StoreDescription description, long shardBytes = DefaultShardBytes)
    {
        if (description.Shards.Count > 0 || description.Fault is { } _) throw new ArgumentException($"The description is not that of an empty store: {description.Fault ?? "it has shards"}.", nameof(description));
        if (StoreDescription.IsIn(folder)) throw new InvalidInputException($"{folder}: there is a store in this folder already; name a new folder, or resume.");
        if (File.Exists(folder)) throw new InvalidInputException($"{folder}: is a file; name a new folder for the store.");
        var writer = new StoreWriter(folder, description with { Complete = false }, shardBytes);
        writer.description.Write(folder);
        return writer;
    }

    /// <summary>Goes on with a store whose writer was stopped; nothing is changed if it is complete.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="shardBytes">The size of a shard in bytes, as it was.</param>
    /// <exception cref="InvalidInputException">The folder holds no store, a shard is missing or of another size, or shards were of another size.</exception>
    public static StoreWriter Resume(string folder, long shardBytes = DefaultShardBytes)
    {
        var description = StoreDescription.Read(folder);
        var writer = new StoreWriter(folder, description, shardBytes);
        foreach (var shard in description.Shards) RequireShard(Path.Combine(folder, shard.File), description, shard.Rows);
        int rows = writer.pending.Length / writer.rowBytes;
        if (!description.Complete && description.Shards.FirstOrDefault(shard => shard.Rows != rows) is { } other)
            throw new InvalidInputException($"{Path.Combine(folder, other.File)}: has {other.Rows} rows where shards are to have {rows}; go on with shards of the same size.");
        return writer;
    }

    /// <summary>Appends rows.</summary>
    /// <param name="rows">Rows one after the other, [n, D].</param>
    /// <exception cref="InvalidInputException">A value is not finite, or too large for float16; the rows before it may have been appended.</exception>
    /// <exception cref="InvalidOperationException">The store is complete.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (IsComplete) throw new InvalidOperationException("The store is complete.");
        int dimension = description.Dimension;
        if (rows.Length % dimension != 0) throw new ArgumentException($"{rows.Length} values are not a whole number of rows of {dimension}.", nameof(rows));
        for (; !rows.IsEmpty; rows = rows[dimension..])
        {
            Store(rows[..dimension], pending.AsSpan(filled, rowBytes));
            filled += rowBytes;
            if (filled == pending.Length) WriteShard(isLast: false);
        }
    }

    /// <summary>Writes what is pending and marks the store as complete; nothing if it is.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Complete()
    {
        if (IsComplete) return;
        if (filled > 0) WriteShard(isLast: true);
        else (description = description with { Complete = true }).Write(folder);
    }

    private void WriteShard(bool isLast)
    {
        int rows = filled / rowBytes, dimension = description.Dimension;
        string name = string.Create(CultureInfo.InvariantCulture, $"{StoreDescription.TensorName}-{description.Shards.Count:D5}.safetensors");
        var type = description.Type == StoreDescription.Float16 ? SafetensorsType.F16 : SafetensorsType.F32;
        Safetensors.Write(Path.Combine(folder, name), [new StoredTensor(StoreDescription.TensorName, type, [rows, dimension], filled == pending.Length ? pending : pending[..filled])]);
        description = description with { Shards = [.. description.Shards, new(name, rows)], Count = description.Count + rows, Complete = isLast };
        description.Write(folder);
        filled = 0;
    }

    private void Store(ReadOnlySpan<float> row, Span<byte> destination)
    {
        bool isHalf = description.Type == StoreDescription.Float16;
        for (int column = 0; column < row.Length; column++)
        {
            float value = row[column];
            if (!float.IsFinite(value) || isHalf && Half.IsInfinity((Half)value)) throw Unstorable(column, value);
            if (isHalf) BinaryPrimitives.WriteHalfLittleEndian(destination[(sizeof(ushort) * column)..], (Half)value);
        }
        if (!isHalf) MemoryMarshal.AsBytes(row).CopyTo(destination);
    }

    private InvalidInputException Unstorable(int column, float value)
    {
        long row = description.Count + filled / rowBytes;
        string advice = float.IsFinite(value) ? $"more than {StoreDescription.Float16} holds; write the store as {StoreDescription.Float32}" : "which a store does not hold; look where it comes from";
        return new(string.Create(CultureInfo.InvariantCulture, $"{folder}: the value in row {row}, column {column} is {value}, {advice}."));
    }

    private static void RequireShard(string path, StoreDescription description, long rows)
    {
        var header = InputFile.Read(path, stream => SafetensorsHeader.Read(stream, path, stream.Length));
        var type = description.Type == StoreDescription.Float16 ? SafetensorsType.F16 : SafetensorsType.F32;
        if (header.Entries is not [{ Name: StoreDescription.TensorName } entry] || entry.Type != type || !entry.Shape.AsSpan().SequenceEqual([rows, description.Dimension]))
            throw InputFile.Malformed(path, $"it does not hold {rows} rows of {description.Dimension} values of {description.Type}, as {StoreDescription.FileName} says", "copy the store again, or collect it anew");
    }
}
