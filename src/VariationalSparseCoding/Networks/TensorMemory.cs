using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>The memory of tensors on the processor as spans.</summary>
internal static class TensorMemory
{
    /// <summary>A contiguous CPU tensor's memory. Valid as long as the tensor.</summary>
    /// <typeparam name="T">The element type: float or double, as the tensor's.</typeparam>
    /// <param name="tensor">The tensor.</param>
    public static Span<T> Span<T>(this Tensor tensor) where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>A contiguous float32 CPU tensor's memory as rows of its last dimension. Valid as long as the tensor, unlike a span also inside a closure.</summary>
    /// <param name="tensor">The tensor.</param>
    public static unsafe TensorRows Rows(this Tensor tensor)
    {
        fixed (float* start = tensor.Span<float>()) return new(start, (int)tensor.shape[^1], (int)(tensor.numel() / tensor.shape[^1]));
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
/// <param name="count">Number of rows.</param>
internal readonly unsafe struct TensorRows(float* start, int length, int count)
{
    /// <summary>Numbers of a row.</summary>
    public int Length => length;

    /// <summary>All numbers.</summary>
    public Span<float> All => new(start, length * count);

    /// <summary>A row.</summary>
    /// <param name="row">Its number.</param>
    public Span<float> this[int row] => Slice(row, 1);

    /// <summary>Neighbouring rows.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="rows">How many.</param>
    public Span<float> Slice(int first, int rows)
    {
        System.Diagnostics.Debug.Assert(first >= 0 && first + rows <= count);
        return new(start + (long)first * length, rows * length);
    }
}
