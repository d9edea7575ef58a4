using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Inference;

/// <summary>A matrix without gaps as a tensor of a file.</summary>
/// <param name="name">The name in files.</param>
/// <param name="matrix">The matrix.</param>
/// <param name="shape">The shape in files.</param>
internal sealed class ManagedTensor(string name, FloatMatrix matrix, params long[] shape) : StateTensor(name, SafetensorsType.F32, shape)
{
    public override ReadOnlySpan<byte> Read() => MemoryMarshal.AsBytes(matrix.All);

    public override void Write(ReadOnlySpan<byte> values) => MemoryMarshal.Cast<byte, float>(values).CopyTo(matrix.All);
}
