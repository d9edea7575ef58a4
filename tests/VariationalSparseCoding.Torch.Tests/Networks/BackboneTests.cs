using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Tests.Priors;
using VariationalSparseCoding.Torch.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Networks;

public class BackboneTests
{
    [Theory]
    [InlineData("mlp_256", BackboneKind.Mlp, 1, 16, 16)]
    [InlineData("conv_encoder_28", BackboneKind.Convolutional, 1, 28, 28)]
    [InlineData("conv_encoder_64", BackboneKind.Convolutional, 3, 64, 64)]
    public void It_is_PyTorchs_network(string name, BackboneKind kind, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var fixture = new NetworkFixture(name);
        var shape = new ImageShape(channels, height, width);
        using var backbone = Backbone.Create(new() { Backbone = kind }, shape.Size, shape, ScalarType.Float64);
        (string Name, Tensor Value)[] parameters = [.. backbone.named_parameters().Select(p => (p.name, (Tensor)p.parameter))];
        fixture.CheckParameters(parameters);
        NetworkFixture.Set(parameters);
        var input = fixture.Input(imageDimensions: kind == BackboneKind.Mlp ? 1 : 3);
        var trained = backbone.forward(input);
        Assert.Equal([input.shape[0], backbone.FeatureCount], trained.shape);
        fixture.CheckTraining(trained);
        backbone.eval();
        fixture.CheckEvaluation(backbone.forward(input));
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(BackboneKind.Mlp, 1, 28)]
    [InlineData(BackboneKind.Convolutional, 1, 28)]
    [InlineData(BackboneKind.Convolutional, 1, 64)]
    [InlineData(BackboneKind.Resnet18, 1, 32)]
    [InlineData(BackboneKind.Resnet18, 3, 64)]
    public void A_network_on_it_depends_on_the_seed_alone_and_every_parameter_gets_a_gradient(BackboneKind kind, int channels, int side)
    {
        using var scope = NewDisposeScope();
        var shape = new ImageShape(channels, side, side);
        Head[] heads = [Head.Scale, Head.Shift];
        using var one = new InferenceNetwork(Backbone.Create(new() { Backbone = kind }, shape.Size, shape), 5, heads, seed: 3);
        manual_seed(123);
        using var same = new InferenceNetwork(Backbone.Create(new() { Backbone = kind }, shape.Size, shape), 5, heads, seed: 3);
        Assert.All(one.named_parameters().Zip(same.named_parameters()), pair => Assert.True(pair.First.parameter.Equals(pair.Second.parameter), pair.First.name));
        Assert.All(one.named_parameters(), p => Assert.StartsWith(p.name.StartsWith("layers", StringComparison.Ordinal) ? "layers." : "backbone.", p.name));
        var outputs = one.forward(SmallModels.Normal(1, ScalarType.Float32, 4, shape.Size));
        Assert.Equal([4, 5], outputs.Shift.shape);
        (outputs.Shift.sum() + outputs[Head.Scale].sum()).backward();
        Assert.All(one.named_parameters(), p => Assert.True(p.parameter.grad!.abs().sum().item<float>() > 0, p.name));
        Assert.Equal(kind == BackboneKind.Mlp ? 4 : 0, one.BackboneLayers.Count);
    }

    [Fact]
    public void Residual_networks_have_torchvisions_parameters()
    {
        using var backbone = new ResNet18Backbone(new(3, 64, 64));
        Assert.Equal(11_176_512, backbone.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(11_176_512 - 2 * 64 * 7 * 7, Backbone.Create(new() { Backbone = BackboneKind.Resnet18 }, 32 * 32, new(1, 32, 32)).parameters().Sum(parameter => parameter.numel()));
        string[] block = ["conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias"];
        string[] projection = ["downsample.0.weight", "downsample.1.weight", "downsample.1.bias"];
        string[] names =
        [
            .. block[..3],
            .. from stage in Enumerable.Range(1, 4)
               from unit in Enumerable.Range(0, 2)
               from parameter in stage > 1 && unit == 0 ? block.Concat(projection) : block
               select $"layer{stage}.{unit}.{parameter}",
        ];
        Assert.Equal(names, backbone.named_parameters().Select(p => p.name));
    }

    [Theory]
    [InlineData(BackboneKind.Convolutional)]
    [InlineData(BackboneKind.Resnet18)]
    public void In_training_bfloat16_gives_features_in_float32_near_those_of_float32(BackboneKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var shape = new ImageShape(1, 64, 64);
        var images = SmallModels.Normal(1, ScalarType.Float32, 16, shape.Size).sigmoid();
        Tensor exact = Features(ComputePrecision.Fp32), rounded = Features(ComputePrecision.Bf16);
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        Assert.InRange(((exact - rounded).norm() / exact.norm()).item<float>(), 1e-4f, 0.1f);

        Tensor Features(ComputePrecision precision)
        {
            using var backbone = Backbone.Create(new() { Backbone = kind }, shape.Size, shape, ScalarType.Float32, precision);
            backbone.Initialise(seed: 3, number: 0);
            backbone.train();
            return backbone.forward(images);
        }
    }

    [Fact]
    public void Residual_networks_are_what_their_parameters_names_say()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = new ResNet18Backbone(new(3, 40, 40), ScalarType.Float64);
        var named = backbone.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        // Weights of full rank: the variance of every channel is well above the rounding of its numbers.
        backbone.Initialise(seed: 3, number: 1);
        NetworkFixture.Set([.. named.Where(pair => pair.Value.dim() == 1).Select(pair => (pair.Key, pair.Value))]);
        var images = SmallModels.Normal(1, ScalarType.Float64, 3, 3 * 40 * 40);
        var features = nn.functional.max_pool2d(Normalised(Convolved(images.reshape(3, 3, 40, 40), "conv1", 2, 3), "bn1").relu(), 3, 2, 1);
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int unit = 0; unit < 2; unit++)
            {
                string block = $"layer{stage}.{unit}.";
                long stride = stage > 1 && unit == 0 ? 2 : 1;
                var inner = Normalised(Convolved(features, block + "conv1", stride, 1), block + "bn1").relu();
                var skip = stride == 1 ? features : Normalised(Convolved(features, block + "downsample.0", stride, 0), block + "downsample.1");
                features = (Normalised(Convolved(inner, block + "conv2", 1, 1), block + "bn2") + skip).relu();
            }
        }
        TensorAssert.Close(features.mean([2, 3]).flatten().contiguous().data<double>().ToArray(), backbone.forward(images), 1e-9, "features");

        Tensor Convolved(Tensor input, string name, long stride, long padding) => nn.functional.conv2d(input, named[name + ".weight"], null, [stride, stride], [padding, padding]);

        Tensor Normalised(Tensor input, string name)
        {
            var centred = input - input.mean([0, 2, 3], keepdim: true);
            return centred / (centred.square().mean([0, 2, 3], keepdim: true) + 1e-5).sqrt() * named[name + ".weight"].reshape(1, -1, 1, 1) + named[name + ".bias"].reshape(1, -1, 1, 1);
        }
    }

    [Fact]
    public void Residual_networks_begin_normal_by_fan_out()
    {
        using var scope = NewDisposeScope();
        using var backbone = new ResNet18Backbone(new(3, 64, 64));
        backbone.Initialise(seed: 3, number: 1);
        foreach (var (name, parameter) in backbone.named_parameters())
        {
            var values = parameter.detach();
            if (values.dim() == 4)
            {
                double deviation = Math.Sqrt(2.0 / (values.shape[0] * values.shape[2] * values.shape[3])), spread = deviation / Math.Sqrt(values.numel());
                Assert.InRange(values.mean().item<float>(), -4 * spread, 4 * spread);
                Assert.InRange(values.std().item<float>(), deviation - 4 * spread, deviation + 4 * spread);
            }
            else Assert.All(values.data<float>().ToArray(), value => Assert.Equal(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, value));
        }
    }

    [Fact]
    public void Vectors_and_images_of_another_size_are_refused()
    {
        Assert.Contains("vectors", Assert.Throws<InvalidInputException>(() => Backbone.Create(new() { Backbone = BackboneKind.Convolutional }, 256, null)).Message);
        Assert.Contains("32 x 32", Assert.Throws<InvalidInputException>(() => Backbone.Create(new() { Backbone = BackboneKind.Convolutional }, 1024, new(1, 32, 32))).Message);
    }
}
