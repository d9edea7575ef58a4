using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests;

public class FrameTests
{
    [Fact]
    public void The_native_library_loads_and_multiplies()
    {
        using var product = ones(2, 3).mm(ones(3, 2));
        Assert.Equal(12f, product.sum().item<float>());
    }
}
