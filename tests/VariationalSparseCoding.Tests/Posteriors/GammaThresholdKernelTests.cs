using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Posteriors;

public class GammaThresholdKernelTests
{
    private static readonly GammaThresholdPrior Prior = new(3, 12, 0.1);

    [Theory]
    [InlineData(3, 12)]
    [InlineData(0.4, 7)]
    [InlineData(25, 0.02)]
    public void The_kl_has_its_derivatives(double shape, double rate)
    {
        float[] byShape = new float[1], byRate = new float[1];
        float value = Pullback([(float)shape], [(float)rate], [1], [], [], [], 2, byShape, byRate);
        const double step = 1e-5;
        AssertClose(0.1 * Divergence(shape, rate), value);
        AssertClose(0.2 * (Divergence(shape * Math.Exp(step), rate) - Divergence(shape * Math.Exp(-step), rate)) / (2 * step), byShape[0]);
        AssertClose(0.2 * (Divergence(shape, rate * Math.Exp(step)) - Divergence(shape, rate * Math.Exp(-step))) / (2 * step), byRate[0]);
    }

    [Fact]
    public void Active_features_move_with_their_threshold()
    {
        // Deviations 0.5, -0.5 and 0.1 against a threshold of 0.3: on, on, off.
        float[] byShape = new float[1], byRate = new float[1];
        Pullback([2], [4], [1], [0.3f, 0.3f, 0.3f], [0.5f, -0.5f, 0.1f], [5, 3, 100], 0, byShape, byRate);
        AssertClose((-5 + 3) * GammaDerivative.At(0.3 * 4, 2) * 2 / 4, byShape[0]);
        AssertClose((-5 + 3) * -0.3, byRate[0]);
    }

    [Fact]
    public void Clamped_heads_have_no_gradient()
    {
        float[] byShape = [1, 1], byRate = [1, 1];
        Pullback([1e-6f, 1e6f], [1e6f, 1e-6f], [1, 1], [0.3f, 0.3f], [0.5f, 0.5f], [1, 1], 1, byShape, byRate);
        Assert.Equal([0, 0], byShape);
        Assert.Equal([0, 0], byRate);
    }

    private static float Pullback(float[] shape, float[] rate, float[] scale, float[] threshold, float[] noise, float[] codeGradients, float klWeight, float[] byShape, float[] byRate) =>
        GammaThresholdKernel.Pullback(
            new() { Shape = shape, Rate = rate }, Prior, new() { Scale = scale, Threshold = threshold, Noise = noise, CodeGradients = codeGradients }, klWeight,
            new() { LogShape = byShape, LogRate = byRate });

    private static double Divergence(double shape, double rate) =>
        (shape - 3) * SpecialFunctions.Digamma(shape) - SpecialFunctions.LogGamma(shape) + Math.Log(2) + 3 * Math.Log(rate / 12) + shape * (12 - rate) / rate;

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));
}
