using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Which activations of a model are collected, and how they are stored.</summary>
internal sealed record CollectOptions
{
    /// <summary>The ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>Names of the tensors, at least one, each once.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>The folder of the store; of several tensors each has a folder in it.</summary>
    public required string Folder { get; init; }

    /// <summary>What becomes of the positions of a sample.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>The type of stored values: a type of <see cref="StoreDescription"/>.</summary>
    public string Type { get; init; } = StoreDescription.Float32;

    /// <summary>The size of a shard in bytes.</summary>
    public long ShardBytes { get; init; } = StoreWriter.DefaultShardBytes;

    /// <summary>Rows after which the collection ends; null for all that the input gives.</summary>
    public long? MostRows { get; init; }

    /// <summary>Threads, 0 for one on each core.</summary>
    public int Threads { get; init; }
}
