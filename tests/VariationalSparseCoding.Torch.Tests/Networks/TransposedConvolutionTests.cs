using VariationalSparseCoding.Torch.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Kernels;

public class TransposedConvolutionTests
{
    [Theory]
    [InlineData(1, 128, 128, 2, 0)]
    [InlineData(4, 32, 64, 1, 0)]
    [InlineData(7, 16, 64, 2, 1)]
    [InlineData(7, 64, 1, 2, 1)]
    [InlineData(5, 9, 3, 2, 1)]
    [InlineData(3, 5, 21, 1, 1)]
    [InlineData(2, 3, 17, 3, 2)]
    public unsafe void It_is_the_tensor_librarys(int side, int inputs, int outputs, int stride, int padding)
    {
        const int Images = 3;
        using var scope = NewDisposeScope();
        var shape = new TransposedConvolution(side, inputs, outputs, stride, padding);
        float[] x = RandomNumbers.Normal(0, Images * shape.InputSize), weight = RandomNumbers.Normal(1, inputs * 16 * outputs), bias = RandomNumbers.Normal(2, outputs);
        float[] products = new float[Images * shape.ProductSize], y = new float[Images * shape.OutputSize];
        var expected = nn.functional.conv_transpose2d(
            tensor(x, [Images, side, side, inputs]).to(ScalarType.Float64).permute(0, 3, 1, 2), tensor(weight, [inputs, 4, 4, outputs]).to(ScalarType.Float64).permute(0, 3, 1, 2),
            tensor(bias).to(ScalarType.Float64), [stride, stride], [padding, padding]);
        Assert.Equal([Images, outputs, shape.OutputSide, shape.OutputSide], expected.shape);
        foreach (bool rectified in new[] { false, true })
        {
            fixed (float* images = x, weights = weight, biases = bias, room = products, result = y) shape.Apply(images, weights, biases, Images, room, result, rectified);
            TensorAssert.Close((rectified ? expected.relu() : expected).permute(0, 2, 3, 1).contiguous().flatten().data<double>().ToArray(), tensor(y), 1e-5, $"rectified: {rectified}");
        }
    }
}
