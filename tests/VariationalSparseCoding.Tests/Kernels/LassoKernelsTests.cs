using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Kernels;

public class LassoKernelsTests
{
    public static TheoryData<int> Lengths => [1, 7, 8, 9, 24, 32, 45, 64, 100];

    [Theory, MemberData(nameof(Lengths))]
    public void Rows_are_subtracted_as_by_the_plain_loop(int length)
    {
        const int Rows = 6;
        int padded = LassoKernels.PaddedLength(length);
        var matrix = Values(Rows * padded, 1);
        var start = Values(padded, 2);
        int[] rows = [5, 0, 3];
        double[] weights = [0.5, -2, 1e-3, 77];
        var result = new AlignedVector(padded).Span;
        double largest = LassoKernels.SubtractRows(result, start, matrix, rows, weights);
        Assert.Equal(LassoKernels.MaximumAbsolute(result), largest);
        for (int i = 0; i < padded; i++)
        {
            double expected = start[i];
            for (int k = 0; k < rows.Length; k++) expected -= weights[k] * matrix[rows[k] * padded + i];
            Assert.Equal(expected, result[i], 1e-13);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Sums_and_products_are_those_of_the_plain_loops(int length)
    {
        int padded = LassoKernels.PaddedLength(length);
        double[] left = Values(padded, 3), right = Values(padded, 4), sum = [.. left];
        LassoKernels.AddScaled(sum, right, -1.5);
        for (int i = 0; i < padded; i++) Assert.Equal(left[i] - 1.5 * right[i], sum[i], 1e-14);
        Assert.Equal(left.Zip(right, (a, b) => a * b).Sum(), LassoKernels.Dot(left, right), 1e-12);
        Assert.Equal(left.Max(Math.Abs), LassoKernels.MaximumAbsolute(left));
        Assert.Equal(left.Take(length).Sum(a => a * a), LassoKernels.SquaredNorm(left.AsSpan(0, length)), 1e-12);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Products_with_rows_are_those_of_the_plain_loops(int rows)
    {
        int width = LassoKernels.PaddedLength(rows), stride = width + 8;
        double[] matrix = Values(rows * stride, 6), vector = Values(width, 7), product = new double[width], changed = [.. matrix];
        LassoKernels.MultiplyRows(product, matrix, stride, vector.AsSpan(0, rows));
        LassoKernels.AddOuterProduct(changed, stride, rows, vector, 0.25);
        for (int i = 0; i < stride; i++)
        {
            double expected = Enumerable.Range(0, rows).Sum(k => vector[k] * matrix[k * stride + i]);
            if (i < width) Assert.Equal(expected, product[i], 1e-12);
            for (int k = 0; k < rows; k++)
                Assert.Equal(matrix[k * stride + i] + (i < width ? 0.25 * vector[k] * vector[i] : 0), changed[k * stride + i], 1e-14);
        }
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_refused()
    {
        double[] vector = new double[8], matrix = new double[16];
        Assert.Throws<ArgumentException>(() => LassoKernels.SubtractRows(vector, vector, matrix, [2], [1]));
        Assert.Throws<ArgumentException>(() => LassoKernels.SubtractRows(vector, vector, matrix, [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => LassoKernels.MultiplyRows(vector, matrix, 8, new double[3]));
        Assert.Throws<ArgumentException>(() => LassoKernels.AddOuterProduct(matrix, 8, 3, vector, 1));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void The_entries_above_a_threshold_are_found(int length)
    {
        double[] values = Values(LassoKernels.PaddedLength(length), 5);
        values[0] = -0.75;
        var indices = new int[values.Length];
        foreach (double threshold in new[] { 0, 0.3, 0.75, 10 })
        {
            int count = LassoKernels.IndicesAbove(values, threshold, indices);
            Assert.Equal(Enumerable.Range(0, values.Length).Where(i => Math.Abs(values[i]) > threshold), indices[..count]);
        }
    }

    private static double[] Values(int count, uint seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
