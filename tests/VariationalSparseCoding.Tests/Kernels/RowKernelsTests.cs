using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class RowKernelsTests
{
    private const int Rows = 3, Columns = 21;

    [Fact]
    public void A_gradient_passes_where_the_relu_is_open()
    {
        float[] gradients = RandomNumbers.Normal(0, Columns), outputs = [.. RandomNumbers.Normal(1, Columns).Select(y => Math.Max(0, y))];
        float[] expected = [.. gradients.Zip(outputs, (gradient, output) => output > 0 ? gradient : 0)];
        RowKernels.MaskByRelu(gradients, outputs);
        Assert.Equal(expected, gradients);
    }

    [Theory]
    [InlineData(0, Columns)]
    [InlineData(4, 17)]
    [InlineData(20, 1)]
    public void Sums_of_columns(int first, int count)
    {
        float[] gradients = RandomNumbers.Normal(0, Rows * Columns), sums = new float[count];
        RowKernels.SumRows(gradients, first, sums, Columns);
        for (int i = 0; i < count; i++) Assert.Equal(gradients[first + i] + gradients[Columns + first + i] + gradients[2 * Columns + first + i], sums[i]);
    }

    [Fact]
    public void Squared_errors_of_sigmoids()
    {
        float[] logits = RandomNumbers.Normal(0, Columns), targets = RandomNumbers.Uniform(1, Columns);
        (logits[3], logits[7]) = (200, -200);
        double expected = logits.Zip(targets, (logit, target) => Math.Pow(1 / (1 + Math.Exp(-(double)logit)) - target, 2)).Sum();
        Assert.Equal(expected, RowKernels.SquaredErrorOfSigmoid(logits, targets), 1e-5 * expected);
        logits[20] = float.NaN;
        Assert.True(float.IsNaN(RowKernels.SquaredErrorOfSigmoid(logits, targets)));
    }

    [Fact]
    public void Quotients()
    {
        float[] numbers = RandomNumbers.Normal(0, Columns), divisors = RandomNumbers.Uniform(1, Columns), expected = [.. numbers.Zip(divisors, (number, divisor) => number / divisor)];
        RowKernels.Divide(numbers, divisors);
        Assert.Equal(expected, numbers);
    }

    [Fact]
    public void Squares_factors_and_softmax()
    {
        float[] numbers = RandomNumbers.Normal(0, Columns), weights = new float[3];
        Assert.Equal(numbers.Sum(number => (double)number * number), RowKernels.SumOfSquares(numbers), 1e-5);
        Assert.Equal(numbers.Sum(number => Math.Abs((double)number)), RowKernels.SumOfMagnitudes(numbers), 1e-5);
        float[] doubled = [.. numbers.Select(number => 2 * number)];
        RowKernels.Scale(numbers, 2);
        Assert.Equal(doubled, numbers);
        RowKernels.SoftmaxOfNegatives([1000, 1000 + MathF.Log(2), 1e9f], weights);
        Assert.Equal([2 / 3.0, 1 / 3.0, 0], weights.Select(weight => (double)weight), (a, b) => Math.Abs(a - b) < 1e-4);
    }
}
