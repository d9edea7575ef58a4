using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Tensors;

/// <summary>The memory of tensors on the processor as spans.</summary>
internal static class TensorMemory
{
    /// <summary>A contiguous CPU tensor's memory. Valid as long as the tensor.</summary>
    /// <typeparam name="T">The element type: float or double, as the tensor's.</typeparam>
    /// <param name="tensor">The tensor.</param>
    public static Span<T> Span<T>(this Tensor tensor) where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>A tensor's numbers in float32 and in the processor's memory, which is the tensor's own where it has such; otherwise a copy in the present dispose scope.</summary>
    /// <param name="tensor">The tensor.</param>
    public static Span<float> HostSpan(this Tensor tensor) => tensor.to(ScalarType.Float32, CPU).contiguous().Span<float>();

    /// <summary>A float32 CPU tensor's memory as rows of its last dimension, in which numbers are neighbours. Valid as long as the tensor, unlike a span also inside a closure.</summary>
    /// <param name="tensor">The tensor; with two dimensions, its rows may be apart.</param>
    public static unsafe TensorRows Rows(this Tensor tensor)
    {
        int length = (int)tensor.shape[^1];
        if (tensor.is_contiguous())
            fixed (float* start = tensor.Span<float>()) return new(start, length, length, (int)(tensor.numel() / length));
        using var first = tensor.narrow(0, 0, 1);
        fixed (float* start = first.Span<float>()) return new(start, length, (int)tensor.stride(0), (int)tensor.shape[0]);
    }

    /// <summary>Makes a float32 or float64 tensor, filled on the processor and then moved to the device.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="device">Where it goes.</param>
    /// <param name="single">Fills a float32 tensor's memory.</param>
    /// <param name="doubled">Fills a float64 tensor's memory.</param>
    public static Tensor Filled(long[] shape, ScalarType type, Device device, SpanAction<float> single, SpanAction<double> doubled)
    {
        var tensor = empty(shape, type);
        if (type == ScalarType.Float64) doubled(tensor.Span<double>());
        else single(tensor.Span<float>());
        if (device.type == TorchSharp.DeviceType.CPU) return tensor;
        using (tensor) return tensor.to(device);
    }

    /// <summary>Fills a span.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="span">The span to fill.</param>
    public delegate void SpanAction<T>(Span<T> span);
}

/// <summary>The rows of a float32 tensor on the processor.</summary>
/// <param name="start">The first number.</param>
/// <param name="length">Numbers of a row.</param>
/// <param name="stride">Numbers from one row to the next.</param>
/// <param name="count">Number of rows.</param>
internal readonly unsafe struct TensorRows(float* start, int length, int stride, int count)
{
    /// <summary>Numbers of a row.</summary>
    public int Length => length;

    /// <summary>All numbers, where rows are neighbours.</summary>
    public Span<float> All => Slice(0, count);

    /// <summary>The matrix as a product's operand.</summary>
    public MatrixOperand Operand => new(start, stride);

    /// <summary>A row.</summary>
    /// <param name="row">Its number.</param>
    public Span<float> this[int row]
    {
        get
        {
            System.Diagnostics.Debug.Assert(row >= 0 && row < count);
            return new(start + (long)row * stride, length);
        }
    }

    /// <summary>Neighbouring rows, where they are neighbours in memory.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="rows">How many.</param>
    public Span<float> Slice(int first, int rows)
    {
        System.Diagnostics.Debug.Assert(first >= 0 && first + rows <= count && stride == length);
        return new(start + (long)first * stride, rows * stride);
    }
}
