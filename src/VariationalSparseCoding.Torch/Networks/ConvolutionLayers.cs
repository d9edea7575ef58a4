using TorchSharp.Modules;
using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>What is the same in convolutional networks.</summary>
internal static class ConvolutionLayers
{
    /// <summary>What batch normalisation adds to variances.</summary>
    public const double NormalisationEpsilon = 1e-5;

    // The share of a batch in the running statistics: the tensor library's default.
    private const double Momentum = 0.1;

    /// <summary>The side of square images that the paper's convolutional networks are made for.</summary>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="network">What the message calls the network.</param>
    /// <returns>28 or 64.</returns>
    /// <exception cref="InvalidInputException">Images have another size.</exception>
    public static int Side(ImageShape shape, string network) => shape is { Height: 28, Width: 28 } or { Height: 64, Width: 64 }
        ? shape.Height
        : throw new InvalidInputException($"The {network} is made for images of 28 x 28 or 64 x 64 pixels, not {shape.Height} x {shape.Width}: bring the images to one of these sizes.");

    /// <summary>Samples [..., D] as images [N, C, H, W].</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="reduced">Whether the layers that follow compute in bfloat16.</param>
    public static Tensor Images(Tensor samples, ImageShape shape, bool reduced)
    {
        var images = samples.reshape(-1, shape.Channels, shape.Height, shape.Width);
        return reduced ? images.to(ScalarType.BFloat16) : images;
    }

    /// <summary>The outputs of layers one after the other, as <see cref="Apply(nn.Module{Tensor, Tensor}, Tensor)"/> has them.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="images">The images, [N, C, H, W].</param>
    public static Tensor Apply(this Sequential layers, Tensor images) => layers.children().Cast<nn.Module<Tensor, Tensor>>().Aggregate(images, (values, layer) => layer.Apply(values));

    /// <summary>
    /// A layer's outputs. On images in bfloat16 the layer computes in bfloat16, a convolution with its weights rounded to that; parameters, their gradients and the statistics of batch
    /// normalisation keep their own type.
    /// </summary>
    /// <param name="layer">A layer of a convolutional network.</param>
    /// <param name="images">The images, [N, C, H, W].</param>
    public static Tensor Apply(this nn.Module<Tensor, Tensor> layer, Tensor images) => layer switch
    {
        // The layer's own pass would also count its batches, with a number that may not live as long as the call: see Held.
        BatchNorm2d normalisation => nn.functional.batch_norm(
            images, normalisation.running_mean!, normalisation.running_var!, normalisation.weight, normalisation.bias, normalisation.training, Momentum, NormalisationEpsilon),
        _ when images.dtype != ScalarType.BFloat16 => layer.forward(images),
        Conv2d convolution => nn.functional.conv2d(images, Rounded(convolution.weight)!, Rounded(convolution.bias), convolution.stride, convolution.padding),
        ConvTranspose2d convolution => nn.functional.conv_transpose2d(images, Rounded(convolution.weight)!, Rounded(convolution.bias), convolution.stride, convolution.padding),
        _ => layer.forward(images),
    };

    private static Tensor? Rounded(Tensor? parameter) => parameter?.to(ScalarType.BFloat16);

    /// <summary>The running means and variances of a network's batch normalisations by their names, in order; the tensors are the network's own.</summary>
    /// <param name="network">The network.</param>
    public static IEnumerable<(string Name, Tensor Value)> RunningStatistics(this nn.Module network) =>
        network.named_buffers().Where(buffer => !buffer.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Select(buffer => (buffer.name, buffer.buffer));
}
