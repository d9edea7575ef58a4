using VariationalSparseCoding.Tests.Priors;
using VariationalSparseCoding.Torch.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Networks;

public class ConvolutionalGeneratorTests
{
    private const string Prefix = "generator.";

    [Theory]
    [InlineData("conv_decoder_28", 28, 1, 20)]
    [InlineData("conv_decoder_64", 64, 3, 24)]
    public void It_is_PyTorchs_network(string name, int side, int channels, int atoms)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var fixture = new NetworkFixture(name);
        using var generator = new ConvolutionalGenerator(new(channels, side, side), atoms, seed: 1, ScalarType.Float64);
        (string Name, Tensor Value)[] parameters = [.. generator.Parameters.Select(parameter => (parameter.Name[Prefix.Length..], parameter.Value))];
        fixture.CheckParameters(parameters);
        NetworkFixture.Set(parameters);
        var codes = fixture.Input(imageDimensions: 1);
        var trained = generator.Decode(codes);
        Assert.Equal([.. codes.shape[..^1], channels * side * side], trained.shape);
        fixture.CheckTraining(trained);
        generator.Train(false);
        fixture.CheckEvaluation(generator.Decode(codes));
        fixture.CheckEvaluation(generator.Decode(codes.flatten(0, 1)));
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(28, 3)]
    [InlineData(64, 1)]
    public void Gradients_flow_to_every_parameter_and_to_the_codes(int side, int channels)
    {
        using var scope = NewDisposeScope();
        using var generator = new ConvolutionalGenerator(new(channels, side, side), atoms: 8, seed: 1);
        var codes = SmallModels.Normal(1, ScalarType.Float32, 3, 2, 8).requires_grad_();
        var image = SmallModels.Normal(2, ScalarType.Float32, channels * side * side);
        (generator.Decode(codes) * image).sum().backward();
        foreach (var tensor in generator.Parameters.Select(parameter => parameter.Value).Append(codes)) Assert.NotEqual(0, tensor.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Parameters_and_running_statistics_depend_on_the_seed_alone()
    {
        using var scope = NewDisposeScope();
        using var one = new ConvolutionalGenerator(new(1, 28, 28), 16, seed: 5);
        manual_seed(123);
        using var same = new ConvolutionalGenerator(new(1, 28, 28), 16, seed: 5);
        using var other = new ConvolutionalGenerator(new(1, 28, 28), 16, seed: 6);
        Assert.All(one.Parameters.Concat(one.Buffers).Zip(same.Parameters.Concat(same.Buffers)), pair => Assert.True(pair.First.Value.Equals(pair.Second.Value), pair.First.Name));
        Assert.Contains(one.Parameters.Zip(other.Parameters), pair => !pair.First.Value.Equals(pair.Second.Value));
    }

    [Fact]
    public void Initial_weights_are_uniform_by_what_an_index_of_their_first_dimension_holds()
    {
        using var scope = NewDisposeScope();
        using var generator = new ConvolutionalGenerator(new(1, 28, 28), 64, seed: 5);
        var parameters = generator.Parameters.ToDictionary();
        foreach (var (layer, fan) in new[] { ("linear", 64), ("dec.1", 128 * 16), ("dec.4", 64 * 16), ("dec.7", 64 * 16), ("dec.10", 16) })
        {
            double bound = 1 / Math.Sqrt(fan);
            var weight = parameters[$"generator.{layer}.weight"].detach();
            Assert.InRange(weight.abs().max().item<float>(), 0.98 * bound, bound);
            Assert.InRange(weight.mean().item<float>(), -0.05 * bound, 0.05 * bound);
            Assert.InRange(parameters[$"generator.{layer}.bias"].detach().abs().max().item<float>(), 0, bound);
        }
        foreach (string layer in new[] { "dec.2", "dec.5", "dec.8" })
        {
            Assert.All(parameters[$"generator.{layer}.weight"].detach().data<float>().ToArray(), weight => Assert.Equal(1, weight));
            Assert.All(parameters[$"generator.{layer}.bias"].detach().data<float>().ToArray(), bias => Assert.Equal(0, bias));
        }
    }

    [Fact]
    public void Buffers_are_the_running_statistics_that_training_moves_and_evaluation_does_not()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new ConvolutionalGenerator(new(1, 28, 28), 8, seed: 1);
        Assert.Equal(
            from layer in new[] { "dec.2", "dec.5", "dec.8" } from statistic in new[] { "running_mean", "running_var" } select $"{Prefix}{layer}.{statistic}",
            generator.Buffers.Select(buffer => buffer.Name));
        var codes = SmallModels.Normal(1, ScalarType.Float32, 10, 8);
        Tensor[] before = Copies();
        generator.Train(false);
        generator.Decode(codes);
        Assert.All(before.Zip(Copies()), pair => Assert.True(pair.First.Equals(pair.Second)));
        generator.Train(true);
        generator.Decode(codes);
        Assert.All(before.Zip(Copies()), pair => Assert.False(pair.First.Equals(pair.Second)));

        Tensor[] Copies() => [.. generator.Buffers.Select(buffer => buffer.Value.clone())];
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(28, 1, ScalarType.Float32)]
    [InlineData(28, 3, ScalarType.Float32)]
    [InlineData(64, 1, ScalarType.Float32)]
    [InlineData(64, 3, ScalarType.Float32)]
    [InlineData(28, 1, ScalarType.Float64)]
    public void Screened_errors_are_those_of_reconstructions_in_evaluation_and_change_nothing(int side, int channels, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new ConvolutionalGenerator(new(channels, side, side), atoms: 10, seed: 1, type);
        NetworkFixture.Set([.. generator.Parameters.Where(parameter => parameter.Value.dim() == 1)]);
        var codes = SmallModels.Normal(1, type, 7, 5, 10);
        var inputs = SmallModels.Normal(2, type, 7, channels * side * side).sigmoid();
        // The running statistics come near those of the batch, so that samples keep their differences through the layers.
        for (int pass = 0; pass < 10; pass++) generator.Decode(codes);
        Tensor[] before = [.. generator.Buffers.Select(buffer => buffer.Value.clone())];
        generator.Train(false);
        var reconstructions = generator.Decode(codes);
        var expected = (reconstructions - inputs.unsqueeze(1)).square().mean([-1]);
        var errors = generator.SquaredErrors(inputs, codes);
        Assert.Equal([7, 5], errors.shape);
        TensorAssert.Close(expected.to(ScalarType.Float64).flatten().data<double>().ToArray(), errors, type == ScalarType.Float64 ? 1e-12 : 1e-5, "errors");
        Assert.All(generator.SquaredErrors(reconstructions[TensorIndex.Colon, 2], codes).argmin(1).data<long>().ToArray(), best => Assert.Equal(2, best));
        generator.Train(true);
        generator.SquaredErrors(inputs, codes);
        Assert.All(before.Zip(generator.Buffers), pair => Assert.True(pair.First.Equals(pair.Second.Value)));
        generator.Decode(codes);
        Assert.All(before.Zip(generator.Buffers), pair => Assert.False(pair.First.Equals(pair.Second.Value)));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void In_training_screened_errors_have_the_statistics_of_the_first_codes(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new ConvolutionalGenerator(new(1, 28, 28), atoms: 10, seed: 1, type);
        NetworkFixture.Set([.. generator.Parameters.Where(parameter => parameter.Value.dim() == 1)]);
        var codes = SmallModels.Normal(1, type, 7, 5, 10);
        var inputs = SmallModels.Normal(2, type, 7, 784).sigmoid();
        var first = codes.narrow(1, 0, 1);
        var expected = (generator.Decode(first) - inputs.unsqueeze(1)).square().mean([-1]).squeeze(1).to(ScalarType.Float64).data<double>().ToArray();
        double tolerance = type == ScalarType.Float64 ? 1e-12 : 1e-5;
        TensorAssert.Close(expected, generator.SquaredErrors(inputs, codes)[TensorIndex.Colon, 0], tolerance, "errors of the first codes");
        // Other codes are scored as if they stood beside the first ones: a copy of them has their errors.
        TensorAssert.Close(expected, generator.SquaredErrors(inputs, cat([first, first * 3, first], 1))[TensorIndex.Colon, 2], tolerance, "errors of a copy");
    }

    [Fact]
    public void Screened_errors_do_not_depend_on_threads_and_leave_no_tensors()
    {
        using var scope = NewDisposeScope();
        using var generator = new ConvolutionalGenerator(new(1, 28, 28), atoms: 10, seed: 1);
        generator.Train(false);
        var codes = SmallModels.Normal(1, ScalarType.Float32, 7, 5, 10).requires_grad_();
        var inputs = SmallModels.Normal(2, ScalarType.Float32, 7, 784).sigmoid();
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = generator.SquaredErrors(inputs, codes);
            Assert.False(one.requires_grad);
            set_num_threads(3);
            long alive = scope.DisposablesCount;
            var three = generator.SquaredErrors(inputs, codes);
            Assert.Equal(alive + 1, scope.DisposablesCount);
            Assert.True(one.Equals(three));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        var refusal = Assert.Throws<InvalidInputException>(() => new ConvolutionalGenerator(new(1, 32, 32), 8, seed: 1));
        Assert.Contains("32 x 32", refusal.Message);
    }
}
