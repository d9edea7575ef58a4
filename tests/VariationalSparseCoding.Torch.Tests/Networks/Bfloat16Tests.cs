using VariationalSparseCoding.Torch.Networks;

namespace VariationalSparseCoding.Tests.Kernels;

public class Bfloat16Tests
{
    private const int Length = 77;

    [Fact]
    public void Numbers_are_rounded_to_the_nearest_and_ties_to_even()
    {
        float[] numbers = [1, 1 + 1 / 256f, 1 + 3 / 256f, 1 + 1.01f / 256, -1 - 1 / 256f, 0, -0f, 3e38f, float.MaxValue, float.PositiveInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF)];
        float[] expected = [1, 1, 1 + 4 / 256f, 1 + 2 / 256f, -1, 0, -0f, 3.0042e38f, float.PositiveInfinity, float.PositiveInfinity, float.NaN, float.NaN];
        // Once in the vectors, once in what they leave over.
        foreach (int copies in new[] { 1, 8 })
        {
            float[] many = [.. Enumerable.Repeat(numbers, copies).SelectMany(all => all)], found = Widened(Rounded(many));
            for (int i = 0; i < many.Length; i++)
            {
                float wanted = expected[i % numbers.Length];
                if (float.IsFinite(wanted)) Assert.Equal(wanted, found[i], Math.Abs(wanted) * 1e-4);
                else Assert.Equal(wanted, found[i]);
            }
        }
    }

    [Fact]
    public void Biases_relus_and_sums_are_those_of_single_precision()
    {
        ushort[] products = Rounded(RandomNumbers.Normal(0, Length)), outputs = [.. products], gradients = Rounded(RandomNumbers.Normal(1, Length));
        float[] bias = RandomNumbers.Normal(2, Length), y = Widened(products), sums = new float[Length], added = RandomNumbers.Normal(3, Length), before = [.. added];
        Bfloat16.AddBias(products, bias, sums);
        Assert.Equal([.. y.Zip(bias, (a, b) => a + b)], sums);

        Bfloat16.AddBiasAndRectify(outputs, bias);
        Assert.Equal(Rounded([.. sums.Select(sum => Math.Max(0, sum))]), outputs);

        float[] expected = [.. Widened(gradients).Zip(outputs, (gradient, output) => output == 0 ? 0 : gradient)];
        Bfloat16.MaskByRelu(gradients, outputs);
        Assert.Equal(expected, Widened(gradients));

        Bfloat16.Accumulate(products, added);
        Assert.Equal([.. before.Zip(y, (a, b) => a + b)], added);
    }

    [Fact]
    public void A_relu_does_not_hide_what_is_not_a_number()
    {
        ushort[] outputs = Rounded([.. Enumerable.Repeat(float.NaN, Length)]);
        Bfloat16.AddBiasAndRectify(outputs, new float[Length]);
        Assert.All(Widened(outputs), output => Assert.True(float.IsNaN(output)));
    }

    private static ushort[] Rounded(float[] numbers)
    {
        var rounded = new ushort[numbers.Length];
        Bfloat16.Round(numbers, rounded);
        return rounded;
    }

    private static float[] Widened(ushort[] numbers)
    {
        var widened = new float[numbers.Length];
        Bfloat16.Widen(numbers, widened);
        return widened;
    }
}
