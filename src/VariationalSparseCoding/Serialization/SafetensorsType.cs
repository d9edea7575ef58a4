using static TorchSharp.torch;

namespace VariationalSparseCoding.Serialization;

/// <summary>An element type of the safetensors format and of the tensors that hold it.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="Scalar">The tensor's type.</param>
/// <param name="Bytes">Bytes per element.</param>
internal sealed record SafetensorsType(string Name, ScalarType Scalar, int Bytes)
{
    public static IReadOnlyList<SafetensorsType> All { get; } =
    [
        new("F64", ScalarType.Float64, 8), new("I64", ScalarType.Int64, 8),
        new("F32", ScalarType.Float32, 4), new("I32", ScalarType.Int32, 4),
        new("BF16", ScalarType.BFloat16, 2),
        new("U8", ScalarType.Byte, 1), new("BOOL", ScalarType.Bool, 1),
    ];
}
