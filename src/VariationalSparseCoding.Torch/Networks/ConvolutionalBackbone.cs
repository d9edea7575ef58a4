using TorchSharp.Modules;
using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The inference network of images: convolutions with kernels of 4 x 4, each followed by batch normalisation and ReLU, down to one pixel (docs/mathematics.md section 2.2, Tables 4 and 5).</summary>
internal sealed class ConvolutionalBackbone : Backbone
{
    private const int KernelSize = 4;
    private static readonly Layer[] Layers28 = [new(64, 2, 1), new(64, 2, 1), new(128, 1, 0), new(128, 2, 0)];
    private static readonly Layer[] Layers64 = [new(64, 2, 1), new(64, 2, 1), new(128, 2, 1), new(256, 2, 1), new(256, 2, 0)];
    private readonly ImageShape shape;
    private readonly ComputePrecision precision;
    private readonly Sequential enc;

    /// <summary>Creates the network, not yet initialised.</summary>
    /// <param name="shape">The images' shape: 28 x 28 (F = 128) or 64 x 64 (F = 256).</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="precision">What it computes in while it is trained; else it is <paramref name="type"/>.</param>
    /// <exception cref="InvalidInputException">Images have another size.</exception>
    public ConvolutionalBackbone(ImageShape shape, ScalarType type = ScalarType.Float32, ComputePrecision precision = ComputePrecision.Fp32) : base(nameof(ConvolutionalBackbone), Table(shape)[^1].Channels)
    {
        this.shape = shape;
        this.precision = precision;
        int inputs = shape.Channels;
        var modules = new List<nn.Module<Tensor, Tensor>>();
        foreach (var (channels, stride, padding) in Table(shape))
        {
            modules.AddRange([nn.Conv2d(inputs, channels, KernelSize, stride, padding, dtype: type), nn.BatchNorm2d(channels, dtype: type), nn.ReLU()]);
            inputs = channels;
        }
        enc = nn.Sequential(modules);
        RegisterComponents();
    }

    public override uint Initialise(ulong seed, uint number) => Initialisation.UniformByFanIn(enc.children(), seed, number);

    /// <summary>Features [B, F] of images [B, D].</summary>
    /// <param name="input">The images.</param>
    public override Tensor forward(Tensor input) => enc.Apply(ConvolutionLayers.Images(input, shape, training && precision == ComputePrecision.Bf16)).flatten(1).to(input.dtype);

    private static Layer[] Table(ImageShape shape) => ConvolutionLayers.Side(shape, "convolutional backbone") == 28 ? Layers28 : Layers64;

    private readonly record struct Layer(int Channels, int Stride, int Padding);
}
