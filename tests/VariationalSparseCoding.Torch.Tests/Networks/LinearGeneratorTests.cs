using VariationalSparseCoding.Tests.Priors;
using VariationalSparseCoding.Torch.Networks;
using static TorchSharp.torch;
using Generator = VariationalSparseCoding.Torch.Networks.Generator;

namespace VariationalSparseCoding.Tests.Networks;

public class LinearGeneratorTests
{
    [Fact]
    public void It_is_a_generator_with_one_parameter_and_no_mode()
    {
        using var scope = NewDisposeScope();
        var dictionary = SmallModels.Normal(1, ScalarType.Float64, 6, 4);
        using Generator generator = new LinearGenerator(dictionary);
        var (name, value) = Assert.Single(generator.Parameters);
        Assert.Equal("dictionary", name);
        Assert.True(value.Equals(dictionary));
        Assert.Empty(generator.Buffers);
        generator.To(CPU);
        var codes = SmallModels.Normal(2, ScalarType.Float64, 2, 3, 4);
        foreach (bool training in new[] { true, false })
        {
            generator.Train(training);
            Assert.Equal([2, 3, 6], generator.Decode(codes).shape);
            TensorAssert.Close(dictionary.mv(codes[1, 2]).data<double>().ToArray(), generator.Decode(codes)[1, 2], 1e-12, "reconstruction");
        }
    }
}
