namespace VariationalSparseCoding.Serialization;

/// <summary>An element type of the safetensors format.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="Bytes">Bytes per element.</param>
internal sealed record SafetensorsType(string Name, int Bytes)
{
    /// <summary>64-bit floating point.</summary>
    public static readonly SafetensorsType F64 = new("F64", 8);

    /// <summary>64-bit signed integers.</summary>
    public static readonly SafetensorsType I64 = new("I64", 8);

    /// <summary>32-bit floating point.</summary>
    public static readonly SafetensorsType F32 = new("F32", 4);

    /// <summary>32-bit signed integers.</summary>
    public static readonly SafetensorsType I32 = new("I32", 4);

    /// <summary>16-bit floating point.</summary>
    public static readonly SafetensorsType F16 = new("F16", 2);

    /// <summary>Brain floating point, the upper half of a float32.</summary>
    public static readonly SafetensorsType BF16 = new("BF16", 2);

    /// <summary>Unsigned bytes.</summary>
    public static readonly SafetensorsType U8 = new("U8", 1);

    /// <summary>Truth values, one byte each: 0 or 1.</summary>
    public static readonly SafetensorsType Bool = new("BOOL", 1);

    /// <summary>The types that are read and written.</summary>
    public static IReadOnlyList<SafetensorsType> All { get; } = [F64, I64, F32, I32, F16, BF16, U8, Bool];
}
