using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Priors;

/// <summary>Small models of every variational method, their heads' outputs and their noise.</summary>
internal static class SmallModels
{
    public const int Inputs = 4, Atoms = 3;

    public static IEnumerable<string> Variational => MethodTable.All.Where(method => method.IsVariational).Select(method => method.Name);

    public static Experiment Describe(string method, PriorKind prior = PriorKind.Fixed, int components = 3) => MethodTable.Find(method)!.Defaults() with
    {
        Prior = new() { Kind = prior, Components = components },
        Generator = new() { Atoms = Atoms },
        Seed = 5,
    };

    public static TorchModel Model(Experiment experiment, ScalarType type = ScalarType.Float64, int inputs = Inputs) =>
        new(experiment, Preprocessing.OfVectors(inputs), type);

    public static Tensor Normal(uint number, ScalarType type, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, length) => product * length)];
        CounterNoise.FillNormal(new(9, NoisePurpose.Data, number), 0, 0, 1, 1, values.Length, values.AsSpan());
        return tensor(values, shape).to(type);
    }

    /// <summary>Outputs for B inputs, near enough to the prior that weights stay of one size.</summary>
    public static HeadTensors Heads(TorchModel model, int rows, int atoms = Atoms) => HeadTensors.From(model.Posterior.Heads, head =>
    {
        var value = Normal(100 + (uint)head, ScalarType.Float64, rows, atoms) * 0.3;
        return (head switch
        {
            Head.Scale => value - 2,
            Head.LogShape => value + 1,
            Head.LogRate => value + 2.3,
            _ => value,
        }).to(model.Linear.Dictionary.dtype).requires_grad_();
    });

    /// <summary>Noise of J samples.</summary>
    public static PosteriorNoise Noise(TorchModel model, HeadTensors heads, int samples, uint number = 0) =>
        model.Noise.Draw(new(7, NoisePurpose.Evaluation, number), 0, heads, samples);

    /// <summary>Makes the network's outputs equal for all inputs.</summary>
    public static void SetOutputs(TorchModel model, HeadTensors outputs)
    {
        using var _ = no_grad();
        foreach (var (name, value) in model.Network.named_parameters())
        {
            if (name.StartsWith("backbone", StringComparison.Ordinal)) continue;
            var head = model.Posterior.Heads.Single(head => name.Contains('.' + System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(head.ToString()) + '.', StringComparison.Ordinal));
            if (name.EndsWith("weight", StringComparison.Ordinal)) value.zero_();
            else value.copy_(outputs[head].expand(value.shape));
        }
    }

    /// <summary>Asserts that a gradient equals central differences of a scalar function of the tensor.</summary>
    public static void AssertGradient(Func<Tensor> function, Tensor parameter, Tensor gradient, string what)
    {
        const double step = 1e-6;
        var numbers = new double[parameter.numel()];
        using var _ = no_grad();
        var flat = parameter.view(-1);
        for (int i = 0; i < numbers.Length; i++)
        {
            double value = flat[i].item<double>();
            flat[i].fill_(value + step);
            double above = function().item<double>();
            flat[i].fill_(value - step);
            double below = function().item<double>();
            flat[i].fill_(value);
            numbers[i] = (above - below) / (2 * step);
        }
        TensorAssert.Close(numbers, gradient, 1e-6, what);
    }
}
