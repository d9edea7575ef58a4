using TorchSharp.Modules;
using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>
/// The network of <see cref="ConvolutionalGenerator"/>: a linear layer whose outputs are the channels of a small image, then transposed convolutions with kernels of 4 x 4, with
/// batch normalisation and ReLU between them and a sigmoid at the end (docs/mathematics.md section 2.3, Tables 4 and 5).
/// </summary>
internal sealed class ConvolutionalDecoder : nn.Module<Tensor, bool, Tensor>
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
        (int inputs, int side) = (first.Channels, first.Height);
        var stages = new List<Stage>();
        foreach (var (channels, stride, padding) in table)
        {
            var normalisation = stages.Count < table.Length - 1 ? nn.BatchNorm2d(channels, dtype: type) : null;
            var size = new TransposedConvolution(side, inputs, channels, stride, padding);
            stages.Add(new(nn.ConvTranspose2d(inputs, channels, TransposedConvolution.KernelSize, stride, padding, dtype: type), normalisation, size));
            (inputs, side) = (channels, size.OutputSide);
        }
        Stages = stages;
        var modules = new List<nn.Module<Tensor, Tensor>> { nn.ReLU() };
        foreach (var stage in stages)
        {
            modules.Add(stage.Convolution);
            if (stage.Normalisation is { } normalisation) modules.AddRange([normalisation, nn.ReLU()]);
        }
        dec = nn.Sequential(modules);
        RegisterComponents();
        Initialisation.UniformByFanIn([linear, .. dec.children()], seed, Initialisation.GeneratorNumber);
    }

    /// <summary>The first layer.</summary>
    public Linear Linear => linear;

    /// <summary>The layers after it.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Images [..., D] of codes [..., d].</summary>
    /// <param name="codes">z.</param>
    /// <param name="reduced">Whether convolutions compute in bfloat16.</param>
    public override Tensor forward(Tensor codes, bool reduced) => Samples(codes, dec.Apply(ConvolutionLayers.Images(linear.forward(codes), first, reduced)));

    /// <summary>Images [..., D] of codes [..., d] under given statistics of batch normalisation, whatever the mode.</summary>
    /// <param name="codes">z.</param>
    /// <param name="reduced">Whether convolutions compute in bfloat16.</param>
    /// <param name="statistics">The statistics of each stage.</param>
    public Tensor Decode(Tensor codes, bool reduced, IReadOnlyList<NormalisationStatistics> statistics) => Samples(codes, Walk(codes, reduced, (stage, _) => statistics[stage]));

    /// <summary>The running statistics of batch normalisation, of each stage that has one; the tensors are the network's own.</summary>
    public IReadOnlyList<NormalisationStatistics> RunningStatistics => [.. Stages.Select(stage => stage.Normalisation).OfType<BatchNorm2d>().Select(n => new NormalisationStatistics(n.running_mean!, n.running_var!))];

    /// <summary>The statistics that batch normalisation takes from codes in training, of each stage that has one. The running statistics stay as they are.</summary>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="reduced">Whether convolutions compute in bfloat16.</param>
    public IReadOnlyList<NormalisationStatistics> BatchStatistics(Tensor codes, bool reduced)
    {
        var statistics = new List<NormalisationStatistics>();
        Walk(codes, reduced, (_, outputs) =>
        {
            var exact = outputs.to(codes.dtype);
            statistics.Add(new(exact.mean([0, 2, 3]), exact.var([0, 2, 3], unbiased: false)));
            return statistics[^1];
        });
        return statistics;
    }

    /// <summary>The outputs of the last convolution, [N, C, H, W], as samples [..., D] of their codes [..., d].</summary>
    private static Tensor Samples(Tensor codes, Tensor outputs) => outputs.to(codes.dtype).sigmoid().reshape([.. codes.shape[..^1], outputs.numel() / outputs.shape[0]]);

    /// <summary>The outputs of the last convolution, with statistics that may depend on a stage's outputs.</summary>
    private Tensor Walk(Tensor codes, bool reduced, Func<int, Tensor, NormalisationStatistics> statisticsOf)
    {
        var values = ConvolutionLayers.Images(linear.forward(codes), first, reduced).relu();
        for (int i = 0; i < Stages.Count; i++)
        {
            values = Stages[i].Convolution.Apply(values);
            if (Stages[i].Normalisation is not { } normalisation) continue;
            var (mean, variance) = statisticsOf(i, values);
            values = nn.functional.batch_norm(values, mean, variance, normalisation.weight, normalisation.bias, training: false, eps: ConvolutionLayers.NormalisationEpsilon).relu();
        }
        return values;
    }

    /// <summary>What batch normalisation subtracts, and the square of what it divides by.</summary>
    /// <param name="Mean">The mean of each channel.</param>
    /// <param name="Variance">The population variance of each channel.</param>
    public readonly record struct NormalisationStatistics(Tensor Mean, Tensor Variance);

    /// <summary>A transposed convolution, and what normalises its outputs before their ReLU; the last has a sigmoid instead.</summary>
    /// <param name="Convolution">The convolution.</param>
    /// <param name="Normalisation">Batch normalisation, but for the last.</param>
    /// <param name="Shape">The sizes of the convolution and its images.</param>
    public sealed record Stage(ConvTranspose2d Convolution, BatchNorm2d? Normalisation, TransposedConvolution Shape);

    private readonly record struct Layer(int Channels, int Stride, int Padding);
}
