namespace VariationalSparseCoding.Serialization;

/// <summary>A named tensor of a model or of its training, wherever its values live: what files are written from and read into.</summary>
/// <param name="name">The name in files.</param>
/// <param name="type">The element type.</param>
/// <param name="shape">Lengths of the dimensions; empty for a single number.</param>
internal abstract class StateTensor(string name, SafetensorsType type, IReadOnlyList<long> shape)
{
    /// <summary>The name in files.</summary>
    public string Name { get; } = name;

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; } = type;

    /// <summary>Lengths of the dimensions; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; } = shape;

    /// <summary>Bytes of all values.</summary>
    public long ByteCount => Shape.Aggregate((long)Type.Bytes, (bytes, length) => checked(bytes * length));

    /// <summary>Type and shape as messages write them: F32 [6, 8].</summary>
    public string Form => $"{Type.Name} [{string.Join(", ", Shape)}]";

    /// <summary>Whether another tensor has the same type and shape.</summary>
    /// <param name="other">The other tensor.</param>
    public bool IsLike(StateTensor other) => Type == other.Type && Shape.SequenceEqual(other.Shape);

    /// <summary>Returns the values, little endian, the last index running fastest. Valid until they change or the tensor is freed.</summary>
    public abstract ReadOnlySpan<byte> Read();

    /// <summary>Replaces the values.</summary>
    /// <param name="values">As <see cref="Read"/> returns them; <see cref="ByteCount"/> bytes.</param>
    public abstract void Write(ReadOnlySpan<byte> values);
}
