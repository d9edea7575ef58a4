using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Networks;

public class TensorStateTests
{
    [Fact]
    public void Strided_and_gradient_tensors_are_written_as_they_read()
    {
        using var scope = NewDisposeScope();
        using var folder = new ScratchFolder();
        var matrix = arange(6, dtype: float32).reshape(2, 3);
        var parameter = arange(3, dtype: float32).requires_grad_();
        Safetensors.Write(folder.File("a"), TensorState.Of([("transposed", matrix.t()), ("column", matrix[TensorIndex.Colon, 1]), ("parameter", parameter)]));
        var read = Safetensors.Read(folder.File("a")).Tensors;
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["transposed"].Floats.ToArray());
        Assert.Equal([3L, 2], read["transposed"].Shape);
        Assert.Equal([1f, 4], read["column"].Floats.ToArray());
        Assert.Equal([0f, 1, 2], read["parameter"].Floats.ToArray());
    }

    [Fact]
    public void Strided_and_gradient_tensors_are_written_to_in_place()
    {
        using var scope = NewDisposeScope();
        var matrix = zeros(2, 3, dtype: float32);
        var parameter = zeros(2, dtype: float64).requires_grad_();
        new TensorState("transposed", matrix.t()).Write(StoredTensor.Of("transposed", [0f, 3, 1, 4, 2, 5], 3, 2).Read());
        new TensorState("parameter", parameter).Write(StoredTensor.Of("parameter", [1.0, 2], 2).Read());
        Assert.Equal([0f, 1, 2, 3, 4, 5], matrix.data<float>().ToArray());
        Assert.Equal([1.0, 2], parameter.data<double>().ToArray());
        Assert.True(parameter.requires_grad);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_of_the_format_comes_back(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var written = tensor(new[] { 0f, 1, 3, 0 }).reshape(2, 2).to_type(type);
        var state = new TensorState("a", written);
        var read = TensorState.ToTensor(new StoredTensor("a", state.Type, state.Shape, state.Read().ToArray()));
        Assert.Equal(type, read.dtype);
        Assert.True(written.Equals(read));
    }

    [Fact]
    public void Types_outside_the_format_are_not_written()
    {
        using var half = zeros(1, dtype: float16);
        Assert.Throws<ArgumentException>(() => new TensorState("half", half));
    }
}
