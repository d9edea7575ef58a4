using TorchSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The deep generator of images with values in (0, 1) (docs/mathematics.md section 2.3): 28 x 28 pixels (Table 5) or 64 x 64 (Table 4).</summary>
internal sealed class ConvolutionalGenerator : Generator
{
    private const string Prefix = "generator.";
    private readonly ConvolutionalDecoder decoder;
    private readonly ComputePrecision precision;

    /// <summary>Creates the generator; its parameters depend on the seed alone.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="atoms">d.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32, or float64 for tests.</param>
    /// <param name="precision">What convolutions compute in while the generator is trained; else it is <paramref name="type"/>.</param>
    /// <exception cref="InvalidInputException">Images have another size.</exception>
    public ConvolutionalGenerator(ImageShape shape, int atoms, ulong seed, ScalarType type = ScalarType.Float32, ComputePrecision precision = ComputePrecision.Fp32)
    {
        decoder = new(shape, atoms, seed, type);
        this.precision = precision;
    }

    public override IEnumerable<(string Name, Tensor Value)> Parameters => decoder.named_parameters().Select(p => (Prefix + p.name, (Tensor)p.parameter));

    public override IEnumerable<(string Name, Tensor Value)> Buffers => decoder.RunningStatistics().Select(buffer => (Prefix + buffer.Name, buffer.Value));

    public override Tensor Decode(Tensor codes) => decoder.forward(codes, IsReduced);

    /// <summary>
    /// Mean squared errors (1/D) ||x_k - xhat(z_kj)||^2, [B, J], without gradients and without moving the running statistics: what the selection of a sample needs. Batch normalisation
    /// takes the running statistics, and in training those of the first code of each input, which stand for those of all. In float32 on the processor this is a few times faster than
    /// <see cref="Decode"/>.
    /// </summary>
    /// <param name="inputs">x, [B, D].</param>
    /// <param name="codes">z, [B, J, d].</param>
    public override Tensor SquaredErrors(Tensor inputs, Tensor codes)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var statistics = decoder.training ? decoder.BatchStatistics(codes[TensorIndex.Colon, 0], IsReduced) : decoder.RunningStatistics;
        var errors = codes.device_type == DeviceType.CPU && codes.dtype == ScalarType.Float32
            ? ConvolutionalScreening.SquaredErrors(decoder, statistics, inputs, codes)
            : (decoder.Decode(codes, IsReduced, statistics) - inputs.unsqueeze(1)).Squared().mean([-1]);
        return errors.MoveToOuterDisposeScope();
    }

    private bool IsReduced => decoder.training && precision == ComputePrecision.Bf16;

    public override void To(Device device) => decoder.to(device);

    public override void Train(bool training) => decoder.train(training);

    public override void Dispose() => decoder.Dispose();
}
