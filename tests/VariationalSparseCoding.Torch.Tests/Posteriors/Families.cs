using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

/// <summary>Posteriors of the method table in double precision, with heads and noise for them.</summary>
internal static class Families
{
    public static NoiseKey Key { get; } = new(2022, NoisePurpose.Training, 3);

    public static TheoryData<string> Variational => [.. MethodTable.All.Where(method => method.IsVariational).Select(method => method.Name)];

    public static PosteriorOptions Options(string method, Fidelity fidelity = Fidelity.Equations) => MethodTable.Find(method)!.Defaults(fidelity).Posterior;

    /// <summary>Heads [B, d] about the prior: independent normal numbers, of deviation 0.3 for shifts and 0.5 for the others, about the given log scale.</summary>
    public static HeadTensors RandomHeads(Posterior posterior, int rows = 4, int features = 50, double logScale = -1.5) => HeadTensors.From(posterior.Heads, head =>
    {
        var normal = TensorMemory.Filled([rows, features], ScalarType.Float64, CPU,
            span => CounterNoise.FillNormal(Key with { Purpose = NoisePurpose.Initialisation }, (int)head, 0, rows, 1, features, span),
            span => CounterNoise.FillNormal(Key with { Purpose = NoisePurpose.Initialisation }, (int)head, 0, rows, 1, features, span));
        return head switch { Head.Shift => normal * 0.3, Head.Scale => normal * 0.5 + logScale, _ => normal * 0.5 };
    });

    /// <summary>Heads [B, d] that are the same for every element.</summary>
    public static HeadTensors EqualHeads(Posterior posterior, Func<Head, double> value, int rows = 1, int features = 1000) =>
        HeadTensors.From(posterior.Heads, head => full([rows, features], value(head), ScalarType.Float64));

    public static PosteriorNoise Noise(PosteriorOptions options, HeadTensors heads, int samples) => new NoiseSource(Posterior.Create(options), options).Draw(Key, 0, heads, samples);

    /// <summary>The heads with one replaced.</summary>
    public static HeadTensors With(this HeadTensors heads, Head head, Tensor value) => head switch
    {
        Head.Scale => heads with { Scale = value },
        Head.Shift => heads with { Shift = value },
        Head.Spike => heads with { Spike = value },
        Head.LogShape => heads with { LogShape = value },
        _ => heads with { LogRate = value },
    };

    /// <summary>The central difference of a function of the heads by one of them; elementwise functions only.</summary>
    public static Tensor Difference(this HeadTensors heads, Head head, Func<HeadTensors, Tensor> function, double step = 1e-5) =>
        (function(heads.With(head, heads[head] + step)) - function(heads.With(head, heads[head] - step))) / (2 * step);

    public static double[] Values(this Tensor tensor) => tensor.to(ScalarType.Float64).flatten().contiguous().data<double>().ToArray();
}
