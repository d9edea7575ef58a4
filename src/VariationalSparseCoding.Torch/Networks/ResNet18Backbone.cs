using TorchSharp.Modules;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>
/// ResNet-18 (He et al., 2016) without its classifier, F = 512, with the names and the order of parameters of torchvision's resnet18. Its stem and its stages halve
/// an image five times, so that one of less than 33 pixels becomes a single pixel.
/// </summary>
internal sealed class ResNet18Backbone : Backbone
{
    private readonly ImageShape shape;
    private readonly ComputePrecision precision;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    /// <summary>Creates the network, not yet initialised.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="precision">What it computes in while it is trained; else it is <paramref name="type"/>.</param>
    public ResNet18Backbone(ImageShape shape, ScalarType type = ScalarType.Float32, ComputePrecision precision = ComputePrecision.Fp32) : base(nameof(ResNet18Backbone), featureCount: 512)
    {
        this.shape = shape;
        this.precision = precision;
        conv1 = nn.Conv2d(shape.Channels, 64, 7, stride: 2, padding: 3, bias: false, dtype: type);
        bn1 = nn.BatchNorm2d(64, dtype: type);
        layer1 = Stage(64, 64, stride: 1);
        layer2 = Stage(64, 128, stride: 2);
        layer3 = Stage(128, 256, stride: 2);
        layer4 = Stage(256, 512, stride: 2);
        RegisterComponents();

        Sequential Stage(int inputs, int channels, int stride) => nn.Sequential(new ResidualBlock(inputs, channels, stride, type), new ResidualBlock(channels, channels, stride: 1, type));
    }

    public override uint Initialise(ulong seed, uint number) => Initialisation.NormalByFanOut(
        [conv1, bn1, .. new[] { layer1, layer2, layer3, layer4 }.SelectMany(stage => stage.children()).Cast<ResidualBlock>().SelectMany(block => block.Layers)], seed, number);

    /// <summary>Features [B, 512] of images [B, D].</summary>
    /// <param name="input">The images.</param>
    public override Tensor forward(Tensor input)
    {
        var stem = nn.functional.relu(bn1.Apply(conv1.Apply(ConvolutionLayers.Images(input, shape, training && precision == ComputePrecision.Bf16))));
        var features = nn.functional.max_pool2d(stem, 3, stride: 2, padding: 1);
        foreach (var stage in new[] { layer1, layer2, layer3, layer4 }) features = stage.forward(features);
        return features.to(input.dtype).mean([2, 3]);
    }

    /// <summary>relu(x' + F(x)): two convolutions with kernels of 3 x 3, beside the input or, where the size changes, its projection.</summary>
    private sealed class ResidualBlock : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? downsample;

        public ResidualBlock(int inputs, int channels, int stride, ScalarType type) : base(nameof(ResidualBlock))
        {
            conv1 = nn.Conv2d(inputs, channels, 3, stride, padding: 1, bias: false, dtype: type);
            bn1 = nn.BatchNorm2d(channels, dtype: type);
            conv2 = nn.Conv2d(channels, channels, 3, padding: 1, bias: false, dtype: type);
            bn2 = nn.BatchNorm2d(channels, dtype: type);
            if (stride != 1) downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias: false, dtype: type), nn.BatchNorm2d(channels, dtype: type));
            RegisterComponents();
        }

        public IEnumerable<nn.Module> Layers => [conv1, bn1, conv2, bn2, .. downsample?.children() ?? []];

        public override Tensor forward(Tensor input)
        {
            var residual = bn2.Apply(conv2.Apply(nn.functional.relu(bn1.Apply(conv1.Apply(input)))));
            return nn.functional.relu(residual.Plus(downsample?.Apply(input) ?? input));
        }
    }
}
