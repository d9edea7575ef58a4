using System.Text.Json;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests;

internal static class TensorAssert
{
    /// <summary>A fixture's nested array as a tensor.</summary>
    public static Tensor Tensor(this JsonElement element, ScalarType type = ScalarType.Float64) => tensor(element.Numbers(), element.Shape()).to(type);

    /// <summary>Every element within a tolerance relative to the larger of its own and the array's typical size.</summary>
    public static void Close(double[] expected, Tensor actual, double relative, string what)
    {
        double[] values = actual.to(ScalarType.Float64).flatten().contiguous().data<double>().ToArray();
        Assert.True(expected.Length == values.Length, $"{what}: {expected.Length} values expected, {values.Length} found");
        double typical = Math.Sqrt(expected.Sum(value => value * value) / Math.Max(1, expected.Length));
        for (int i = 0; i < values.Length; i++)
        {
            double allowed = relative * Math.Max(Math.Abs(expected[i]), typical);
            Assert.True(Math.Abs(expected[i] - values[i]) <= allowed, $"{what}[{i}]: expected {expected[i]:R}, found {values[i]:R}");
        }
    }

    public static void Close(JsonElement expected, Tensor actual, double relative, string what) => Close(expected.Numbers(), actual, relative, what);
}
