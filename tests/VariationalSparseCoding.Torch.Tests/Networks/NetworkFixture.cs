using System.Text.Json;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Networks;

/// <summary>A network of networks.json: PyTorch's names, shapes and outputs, for parameters and inputs that are formulas of their place (its note).</summary>
/// <param name="name">The network's name in the file.</param>
internal sealed class NetworkFixture(string name)
{
    private readonly JsonElement fixture = Fixtures.Read("networks.json").GetProperty(name);

    /// <summary>The input, flattened from the dimension on that an image begins with.</summary>
    /// <param name="imageDimensions">How many dimensions an input sample has in the file.</param>
    public Tensor Input(int imageDimensions)
    {
        long[] shape = fixture.GetProperty("input_shape").Deserialize<long[]>()!;
        return (arange(shape.Aggregate(1L, (size, length) => size * length), ScalarType.Float64) * 0.011).sin().reshape([.. shape[..^imageDimensions], -1]);
    }

    /// <summary>Checks names, order, shapes and number of a network's parameters.</summary>
    public void CheckParameters(IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        var expected = fixture.GetProperty("parameters").EnumerateArray().Select(pair => $"{pair[0].GetString()} {pair[1]}");
        Assert.Equal(expected, parameters.Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Value.shape)}]"));
        Assert.Equal(fixture.GetProperty("parameter_count").GetInt64(), parameters.Sum(parameter => parameter.Value.numel()));
    }

    /// <summary>Gives a network the file's parameters.</summary>
    public static void Set(IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        using var _ = no_grad();
        foreach (var (l, (name, value)) in parameters.Index())
        {
            var index = arange(value.numel(), ScalarType.Float64);
            long fan = value.dim() > 1 ? value.numel() / value.shape[0] : value.numel();
            bool normalises = value.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal);
            value.copy_((normalises ? 1 + 0.1 * (index + l).sin() : (0.37 * index + l).sin() / Math.Sqrt(fan)).reshape(value.shape));
        }
    }

    /// <summary>Checks an output in training.</summary>
    public void CheckTraining(Tensor output) => Check(output, "train_output_strided", "train_output_sum");

    /// <summary>Checks an output in evaluation, after one pass in training.</summary>
    public void CheckEvaluation(Tensor output) => Check(output, "eval_output_after_one_train_pass_strided", "eval_output_sum");

    private void Check(Tensor output, string values, string sum)
    {
        long[] shape = fixture.GetProperty("output_shape").Deserialize<long[]>()!;
        Assert.Equal(shape.Aggregate(1L, (size, length) => size * length), output.numel());
        TensorAssert.Close(fixture.GetProperty(values).Numbers(), output.flatten()[TensorIndex.Slice(step: fixture.GetProperty("stride").GetInt64())], 1e-9, values);
        TensorAssert.Close([fixture.GetProperty(sum).GetDouble()], output.sum(), 1e-9, sum);
    }
}
