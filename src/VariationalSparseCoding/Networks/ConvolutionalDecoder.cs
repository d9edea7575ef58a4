using TorchSharp.Modules;
using VariationalSparseCoding.Data;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// The network of <see cref="ConvolutionalGenerator"/>: a linear layer whose outputs are the channels of a small image, then transposed convolutions with kernels of 4 x 4, with
/// batch normalisation and ReLU between them and a sigmoid at the end (SPEC section 2.3, Tables 4 and 5).
/// </summary>
internal sealed class ConvolutionalDecoder : nn.Module<Tensor, Tensor>
{
    private readonly Linear linear;
    private readonly Sequential dec;
    private readonly ImageShape first;

    /// <summary>Creates the network.</summary>
    /// <param name="shape">The images' shape: 28 x 28 or 64 x 64.</param>
    /// <param name="atoms">d.</param>
    /// <param name="seed">The run's seed, on which alone the parameters depend.</param>
    /// <param name="type">float32 or float64.</param>
    /// <exception cref="InvalidInputException">Images have another size.</exception>
    public ConvolutionalDecoder(ImageShape shape, int atoms, ulong seed, ScalarType type) : base(nameof(ConvolutionalDecoder))
    {
        (first, var table) = ConvolutionLayers.Side(shape, "convolutional generator") == 28
            ? (new ImageShape(128, 1, 1), new Layer[] { new(128, 2, 0), new(64, 1, 0), new(64, 2, 1), new(shape.Channels, 2, 1) })
            : (new(256, 2, 2), [new(128, 2, 1), new(128, 2, 1), new(64, 2, 1), new(64, 2, 1), new(shape.Channels, 2, 1)]);
        linear = nn.Linear(atoms, first.Size, dtype: type);
        int inputs = first.Channels;
        var modules = new List<nn.Module<Tensor, Tensor>> { nn.ReLU() };
        foreach (var (channels, stride, padding) in table)
        {
            if (modules.Count > 1) modules.AddRange([nn.BatchNorm2d(inputs, dtype: type), nn.ReLU()]);
            modules.Add(nn.ConvTranspose2d(inputs, channels, ConvolutionLayers.KernelSize, stride, padding, dtype: type));
            inputs = channels;
        }
        dec = nn.Sequential(modules.Append(nn.Sigmoid()));
        RegisterComponents();
        Initialisation.UniformByFanIn([linear, .. dec.children()], seed, Initialisation.GeneratorNumber);
    }

    /// <summary>Images [..., D] of codes [..., d].</summary>
    /// <param name="codes">z.</param>
    public override Tensor forward(Tensor codes)
    {
        var images = dec.forward(ConvolutionLayers.Images(linear.forward(codes), first));
        return images.reshape([.. codes.shape[..^1], images.numel() / images.shape[0]]);
    }

    private readonly record struct Layer(int Channels, int Stride, int Padding);
}
