using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Tests;

public class SparseCoderEvaluateTests
{
    [Fact]
    public void What_is_measured_is_the_codes_and_what_they_stand_for()
    {
        const int D = 6, N = 300;
        float[] samples = SmallModels.Samples(N, D);
        using var coder = new SparseCoder(new() { Method = "topk", Active = 2, Atoms = 12, Epochs = 3, BatchSize = 20, Threads = 1 });
        coder.Fit(samples, D);
        var quality = coder.Evaluate(samples);
        float[] codes = coder.Encode(samples), decoded = coder.Decode(codes);
        Assert.Equal(N, quality.Samples);
        Assert.Equal(codes.Count(value => value != 0) / (double)N, quality.L0, 1e-12);
        Assert.Equal(12, quality.FiringRates.Count);
        // Samples were standardised, so that the share is that of deviations from the mean in units of each column's deviation.
        double error = 0, variance = 0;
        for (int column = 0; column < D; column++)
        {
            double[] own = [.. Enumerable.Range(0, N).Select(row => (double)samples[row * D + column])];
            double mean = own.Average(), square = own.Sum(value => (value - mean) * (value - mean)) / N;
            for (int row = 0; row < N; row++) error += Math.Pow(own[row] - decoded[row * D + column], 2) / square;
            variance += N;
        }
        Assert.Equal(1 - error / variance, quality.ExplainedVariance, 1e-4);
        Assert.True(quality.ExplainedVariance > 0.1);
        Assert.Throws<InvalidInputException>(() => coder.Evaluate([]));
        Assert.Equal(0, coder.Evaluate(samples, new() { Kind = CodeKind.ZeroCode }).L0);
    }
}
