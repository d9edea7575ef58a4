using VariationalSparseCoding.Serialization;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Tensors;

/// <summary>A tensor of the tensor library, on any device, as a part of what files hold.</summary>
/// <param name="name">The name in files.</param>
/// <param name="tensor">The tensor, which stays the caller's and is written to in place.</param>
internal sealed class TensorState(string name, Tensor tensor) : StateTensor(name, TypeOf(name, tensor), tensor.shape)
{
    private static readonly (SafetensorsType Stored, ScalarType Scalar)[] types =
    [
        (SafetensorsType.F64, ScalarType.Float64), (SafetensorsType.I64, ScalarType.Int64), (SafetensorsType.F32, ScalarType.Float32), (SafetensorsType.I32, ScalarType.Int32),
        (SafetensorsType.BF16, ScalarType.BFloat16), (SafetensorsType.U8, ScalarType.Byte), (SafetensorsType.Bool, ScalarType.Bool),
    ];

    /// <summary>Returns named tensors as what files hold.</summary>
    /// <param name="tensors">The tensors, which stay the caller's.</param>
    public static IEnumerable<TensorState> Of(IEnumerable<(string Name, Tensor Value)> tensors) => tensors.Select(tensor => new TensorState(tensor.Name, tensor.Value));

    /// <summary>Makes a tensor on the CPU from one of a file.</summary>
    /// <param name="stored">The file's.</param>
    public static Tensor ToTensor(StoredTensor stored)
    {
        var made = empty([.. stored.Shape], types.First(pair => pair.Stored == stored.Type).Scalar, CPU);
        stored.Read().CopyTo(made.bytes);
        return made;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Read()
    {
        using var detached = tensor.detach();
        if (detached.device.type == TorchSharp.DeviceType.CPU && detached.is_contiguous()) return detached.bytes;
        using var local = detached.cpu();
        using var contiguous = local.contiguous();
        return contiguous.bytes.ToArray();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> values)
    {
        using var _ = no_grad();
        using var source = empty(tensor.shape, tensor.dtype, CPU);
        values.CopyTo(source.bytes);
        tensor.copy_(source);
    }

    private static SafetensorsType TypeOf(string name, Tensor tensor) => types.FirstOrDefault(pair => pair.Scalar == tensor.dtype).Stored
        ?? throw new ArgumentException($"Tensor '{name}' has the element type {tensor.dtype}, which is not written.", nameof(tensor));
}
