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
