using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>
/// The reconstruction errors of many samples under a <see cref="ConvolutionalDecoder"/>, without gradients and without keeping reconstructions. Batch normalisation by
/// given statistics is part of the convolutions before it; each thread takes a few samples through the whole network, so that everything between stays in its cache.
/// </summary>
internal sealed unsafe class ConvolutionalScreening
{
    // What stays in the second cache: the numbers between layers of so many samples.
    private const int CachedNumbers = 1 << 18;
    private readonly TransposedConvolution[] shapes;
    private readonly TensorRows[] weights, biases;
    private readonly TensorRows linearWeight, linearBias;

    /// <summary>Folds the network as it is now into tensors of the caller's scope.</summary>
    private ConvolutionalScreening(ConvolutionalDecoder decoder, IReadOnlyList<ConvolutionalDecoder.NormalisationStatistics> statistics)
    {
        var stages = decoder.Stages;
        shapes = [.. stages.Select(stage => stage.Shape)];
        var folded = stages.Select((stage, i) => i < statistics.Count ? Folded(stage, statistics[i]) : Weights(stage)).Select(Arranged).ToArray();
        weights = [.. folded.Select(layer => layer.Weight.Rows())];
        biases = [.. folded.Select(layer => layer.Bias.Rows())];
        // The linear layer's outputs are [channels, side, side], the images of the convolutions [side, side, channels].
        int pixels = shapes[0].Side * shapes[0].Side;
        linearWeight = decoder.Linear.weight!.reshape(shapes[0].Inputs, pixels, -1).transpose(0, 1).contiguous().flatten(0, 1).Rows();
        linearBias = decoder.Linear.bias!.reshape(shapes[0].Inputs, pixels).t().contiguous().flatten().Rows();
    }

    /// <summary>Mean squared errors (1/D) ||x_k - xhat(z_kj)||^2, [B, J].</summary>
    /// <param name="decoder">The network, in float32 on the processor.</param>
    /// <param name="statistics">The statistics of each batch normalisation.</param>
    /// <param name="inputs">x, [B, D].</param>
    /// <param name="codes">z, [B, J, d].</param>
    public static Tensor SquaredErrors(ConvolutionalDecoder decoder, IReadOnlyList<ConvolutionalDecoder.NormalisationStatistics> statistics, Tensor inputs, Tensor codes)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new ConvolutionalScreening(decoder, statistics).SquaredErrors(inputs, codes).MoveToOuterDisposeScope();
    }

    private Tensor SquaredErrors(Tensor inputs, Tensor codes)
    {
        int samples = (int)codes.shape[1], count = (int)codes.shape[0] * samples;
        // Images as the convolutions make them: the channels of a pixel are neighbours.
        var data = new Data(codes.contiguous().Rows(), samples, inputs.reshape(inputs.shape[0], shapes[^1].Outputs, -1).transpose(1, 2).contiguous().flatten(1).Rows());
        var errors = empty(codes.shape[..^1], ScalarType.Float32);
        var results = errors.Rows();
        int most = Math.Max(1, CachedNumbers / shapes.Max(shape => shape.OutputSize + shape.ProductSize));
        ParallelRanges.Run(count, get_num_threads(), (first, end) =>
        {
            var room = new Room(shapes, Math.Min(most, end - first));
            for (int sample = first; sample < end; sample += most) Score(data, sample, results.All.Slice(sample, Math.Min(most, end - sample)), room);
        });
        return errors;
    }

    private void Score(Data data, int first, Span<float> errors, Room room)
    {
        int count = errors.Length;
        fixed (float* products = room.Products, even = room.Even, odd = room.Odd)
        {
            MatrixProduct.Multiply(
                data.Codes.Operand.From(first), linearWeight.Operand.Transposed, new(even, shapes[0].InputSize), count, shapes[0].InputSize, data.Codes.Length, linearBias.Operand.Repeated, rectified: true);
            float* from = even, to = odd;
            for (int layer = 0; layer < shapes.Length; layer++)
            {
                shapes[layer].Apply(from, weights[layer].Operand.Start, biases[layer].Operand.Start, count, products, to, rectified: layer < shapes.Length - 1);
                float* made = to;
                to = from;
                from = made;
            }
            int size = shapes[^1].OutputSize;
            for (int i = 0; i < count; i++) errors[i] = RowKernels.SquaredErrorOfSigmoid(new(from + i * size, size), data.Inputs[(first + i) / data.CodesPerInput]) / size;
        }
    }

    private static (Tensor Weight, Tensor Bias) Weights(ConvolutionalDecoder.Stage stage) => (stage.Convolution.weight!.detach(), stage.Convolution.bias!.detach());

    /// <summary>Weight and bias of a convolution and what normalises its outputs.</summary>
    private static (Tensor Weight, Tensor Bias) Folded(ConvolutionalDecoder.Stage stage, ConvolutionalDecoder.NormalisationStatistics statistics)
    {
        var (weight, bias) = Weights(stage);
        var normalisation = stage.Normalisation!;
        var scale = normalisation.weight! / statistics.Variance.Plus(ConvolutionLayers.NormalisationEpsilon).sqrt();
        return (weight * scale.reshape(1, -1, 1, 1), ((bias - statistics.Mean) * scale).Plus(normalisation.bias!));
    }

    /// <summary>The weight as [inputs, 4 4 outputs].</summary>
    private static (Tensor Weight, Tensor Bias) Arranged((Tensor Weight, Tensor Bias) layer) => (layer.Weight.permute(0, 2, 3, 1).contiguous().flatten(1), layer.Bias);

    /// <summary>What is compared.</summary>
    /// <param name="Codes">z, [B J, d].</param>
    /// <param name="CodesPerInput">J.</param>
    /// <param name="Inputs">x, [B, D].</param>
    private readonly record struct Data(TensorRows Codes, int CodesPerInput, TensorRows Inputs);

    /// <summary>The numbers between the layers of a few samples.</summary>
    private sealed class Room(TransposedConvolution[] shapes, int samples)
    {
        public readonly float[] Products = GC.AllocateUninitializedArray<float>(samples * shapes.Max(shape => shape.ProductSize), pinned: true);

        public readonly float[] Even = GC.AllocateUninitializedArray<float>(samples * shapes.Max(shape => Math.Max(shape.InputSize, shape.OutputSize)), pinned: true);

        public readonly float[] Odd = GC.AllocateUninitializedArray<float>(samples * shapes.Max(shape => shape.OutputSize), pinned: true);
    }
}
