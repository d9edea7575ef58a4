using VariationalSparseCoding.Kernels;

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
        var result = LassoKernels.Allocate(padded).Span;
        LassoKernels.SubtractRows(result, start, matrix, rows, weights);
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

    [Fact]
    public unsafe void Vectors_start_at_a_cache_line()
    {
        for (int length = 8; length < 200; length += 8)
        {
            var vector = LassoKernels.Allocate(length);
            fixed (double* start = vector.Span) Assert.Equal(0, (nint)start % 64);
            Assert.Equal(length, vector.Length);
        }
    }

    private static double[] Values(int count, uint seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
