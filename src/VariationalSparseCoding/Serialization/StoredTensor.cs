using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Serialization;

/// <summary>A tensor in managed memory of its own, as it comes from a file.</summary>
internal sealed class StoredTensor : StateTensor
{
    private readonly byte[] values;

    /// <summary>Creates a tensor over values, which are kept and not copied.</summary>
    /// <param name="name">The name in files.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the dimensions.</param>
    /// <param name="values">The values, little endian, the last index running fastest.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than the shape says.</exception>
    public StoredTensor(string name, SafetensorsType type, IReadOnlyList<long> shape, byte[] values) : base(name, type, shape)
    {
        if (values.Length != ByteCount) throw new ArgumentException($"Tensor '{name}' of {Form} has {values.Length} bytes instead of {ByteCount}.", nameof(values));
        this.values = values;
    }

    /// <summary>The values of a tensor of float32.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<float> Floats => As<float>(SafetensorsType.F32);

    /// <summary>The values of a tensor of float64.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<double> Doubles => As<double>(SafetensorsType.F64);

    /// <summary>Whether no value is infinite or NaN; integers and truth values always are finite.</summary>
    public bool IsFinite
    {
        get
        {
            if (Type == SafetensorsType.F32) return AreFinite(Floats);
            if (Type == SafetensorsType.F64) return AreFinite(Doubles);
            if (Type == SafetensorsType.F16) return AreFinite(MemoryMarshal.Cast<byte, Half>(values));
            return Type != SafetensorsType.BF16 || AreFiniteBrain(MemoryMarshal.Cast<byte, ushort>(values));
        }
    }

    /// <summary>Creates a tensor of float32 from a copy of values.</summary>
    /// <param name="name">The name in files.</param>
    /// <param name="values">The values, the last index running fastest.</param>
    /// <param name="shape">Lengths of the dimensions.</param>
    public static StoredTensor Of(string name, ReadOnlySpan<float> values, params long[] shape) => new(name, SafetensorsType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Creates a tensor of float64 from a copy of values.</summary>
    /// <param name="name">The name in files.</param>
    /// <param name="values">The values, the last index running fastest.</param>
    /// <param name="shape">Lengths of the dimensions.</param>
    public static StoredTensor Of(string name, ReadOnlySpan<double> values, params long[] shape) => new(name, SafetensorsType.F64, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Read() => values;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> values)
    {
        if (values.Length != this.values.Length) throw new ArgumentException($"Tensor '{Name}' of {Form} takes {this.values.Length} bytes, not {values.Length}.", nameof(values));
        values.CopyTo(this.values);
    }

    private ReadOnlySpan<T> As<T>(SafetensorsType type) where T : unmanaged =>
        Type == type ? MemoryMarshal.Cast<byte, T>(values) : throw new InvalidOperationException($"Tensor '{Name}' is {Form}, not {type.Name}.");

    private static bool AreFinite<T>(ReadOnlySpan<T> numbers) where T : struct, System.Numerics.IFloatingPoint<T>
    {
        foreach (T number in numbers)
            if (!T.IsFinite(number)) return false;
        return true;
    }

    private static bool AreFiniteBrain(ReadOnlySpan<ushort> numbers)
    {
        const int exponent = 0x7f80;
        foreach (ushort number in numbers)
            if ((number & exponent) == exponent) return false;
        return true;
    }
}
