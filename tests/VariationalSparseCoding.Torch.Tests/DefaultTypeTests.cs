using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests;

/// <summary>The tensor library's default type belongs to the application.</summary>
public class DefaultTypeTests
{
    [Theory, Trait("Fault", "B9")]
    [InlineData(PriorKind.Vamp)]
    [InlineData(PriorKind.Clf)]
    public void A_coder_does_not_depend_on_it(PriorKind prior) => AssertSame(() => new SparseCoderOptions
    {
        Atoms = 5,
        Draws = 3,
        Epochs = 2,
        BatchSize = 8,
        Threads = 1,
        Configure = experiment => experiment with { Prior = new() { Kind = prior, Components = 3 } },
    }, dimension: 12);

    [Fact, Trait("Fault", "B9")]
    public void A_coder_of_images_does_not_depend_on_it() => AssertSame(() => new SparseCoderOptions { Images = new(1, 28, 28), Atoms = 4, Draws = 3, Epochs = 2, BatchSize = 8, Threads = 1 }, dimension: 784);

    private static void AssertSame(Func<SparseCoderOptions> options, int dimension)
    {
        var usual = get_default_dtype();
        float[] expected = Codes();
        try
        {
            set_default_dtype(ScalarType.Float64);
            Assert.Equal(expected, Codes());
        }
        finally
        {
            set_default_dtype(usual);
        }

        float[] Codes()
        {
            float[] samples = [.. RandomNumbers.Normal(1, 16 * dimension).Select(value => 0.5f + 0.1f * Math.Clamp(value, -4, 4))];
            using var coder = new SparseCoder(options());
            coder.Fit(samples, dimension);
            float[] codes = coder.Encode(samples);
            return [.. codes, .. coder.Decode(codes), .. coder.Encode(samples, new EncodeOptions { Kind = CodeKind.Mean })];
        }
    }
}
