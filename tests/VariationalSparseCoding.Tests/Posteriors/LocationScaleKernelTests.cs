using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Posteriors;

public class LocationScaleKernelTests
{
    [Theory]
    [InlineData(45)]
    [InlineData(64)]
    [InlineData(3)]
    public void Codes_are_those_of_the_plain_formula(int features)
    {
        float[] shift = RandomNumbers.Normal(0, features), noise = RandomNumbers.Normal(1, features), scale = RandomNumbers.Uniform(2, features), threshold = RandomNumbers.Uniform(3, features);
        float[] codes = new float[features], free = new float[features];
        LocationScaleKernel.Codes(shift, scale, threshold, noise, codes);
        LocationScaleKernel.Codes(shift, scale, [], noise, free);
        for (int i = 0; i < features; i++)
        {
            Assert.Equal(Plain(shift[i], scale[i] * noise[i], threshold[i]), codes[i]);
            Assert.Equal(shift[i] + scale[i] * noise[i], free[i]);
        }
    }

    [Fact]
    public void A_deviation_equal_to_the_threshold_is_inactive_and_one_bit_more_is_active()
    {
        const float scale = 0.3f;
        foreach (float noise in new[] { 1.7f, -1.7f })
        {
            float tie = MathF.Abs(scale * noise);
            Assert.Equal([0f, 0f, 2 + MathF.Sign(noise) * (tie - MathF.BitDecrement(tie))], Codes(noise, [MathF.BitIncrement(tie), tie, MathF.BitDecrement(tie)]));
        }

        static float[] Codes(float noise, float[] thresholds)
        {
            var codes = new float[3];
            LocationScaleKernel.Codes([2, 2, 2], [scale, scale, scale], thresholds, [noise, noise, noise], codes);
            return codes;
        }
    }

    [Theory]
    [InlineData(45)]
    [InlineData(64)]
    public void Sparse_codes_are_the_codes(int features)
    {
        float[] shift = RandomNumbers.Normal(0, features), noise = RandomNumbers.Normal(1, features), scale = RandomNumbers.Uniform(2, features), threshold = RandomNumbers.Uniform(3, features);
        var codes = new float[features];
        LocationScaleKernel.Codes(shift, scale, threshold, noise, codes);
        var sparse = new SparseCode(features);
        LocationScaleKernel.SparseCodes(shift, scale, threshold, noise, sparse);
        AssertSame(codes, sparse);
    }

    /// <summary>With unit vectors as atoms, a code decodes to itself.</summary>
    internal static void AssertSame(float[] codes, SparseCode sparse)
    {
        var atoms = new float[codes.Length * codes.Length];
        for (int i = 0; i < codes.Length; i++) atoms[i * codes.Length + i] = 1;
        Assert.Contains(codes, code => code != 0);
        Assert.Equal(0, sparse.SquaredError(codes, atoms));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Pullback_is_that_of_the_table_of_estimators(bool onlyActive, bool activeShiftTwice)
    {
        const int features = 21, samples = 3;
        const float growth = 0.5f;
        float[] shift = RandomNumbers.Normal(0, features), logScale = RandomNumbers.Normal(1, features), noise = RandomNumbers.Normal(2, samples * features);
        float[] scale = RandomNumbers.Uniform(3, features), thresholds = RandomNumbers.Uniform(4, samples * features), gradients = RandomNumbers.Normal(5, samples * features);
        float[] shiftGradient = new float[features], scaleGradient = new float[features];
        float divergence = LocationScaleKernel.Pullback<ConstantDivergence>(
            new(onlyActive, activeShiftTwice, growth), new() { Shift = shift, Scale = logScale },
            new() { Scale = scale, Threshold = thresholds, Noise = noise, CodeGradients = gradients }, new(1, 0.1f), new() { Shift = shiftGradient, Scale = scaleGradient });

        Assert.Equal(features, divergence);
        for (int i = 0; i < features; i++)
        {
            double byShift = 0.1 * 2, byScale = 0.1 * 3;
            for (int line = i; line < noise.Length; line += features)
            {
                float deviation = scale[i] * noise[line];
                bool active = MathF.Abs(deviation) > thresholds[line];
                byShift += gradients[line] * (onlyActive ? (active ? 1 : 0) : activeShiftTwice && active ? 2 : 1);
                if (active || !onlyActive) byScale += (double)gradients[line] * deviation * growth;
            }
            Assert.Equal(byShift, shiftGradient[i], 1e-5);
            Assert.Equal(byScale, scaleGradient[i], 1e-5);
        }
    }

    private static float Plain(float shift, float deviation, float threshold) =>
        MathF.Abs(deviation) > threshold ? shift + MathF.Sign(deviation) * (MathF.Abs(deviation) - threshold) : 0;

    /// <summary>A stand-in whose KL is 1, and its derivatives 2 and 3.</summary>
    private readonly struct ConstantDivergence : IDivergence
    {
        public static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(
            Vector512<float> shift, Vector512<float> logScale, float priorSpread) =>
            (Vector512.Create(1f), Vector512.Create(2f), Vector512.Create(3f));
    }
}
