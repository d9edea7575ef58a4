using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Synthetic;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests;

/// <summary>Columns that are constant, or nearly: dead neurons, borders of images.</summary>
public class ConstantColumnTests
{
    private const int D = 8, Rows = 300, Atoms = 6;

    private static readonly SyntheticData Set = SyntheticData.Generate(new() { Samples = Rows, Dimension = D, Atoms = Atoms, Support = 2 }, 5);

    private static readonly SparseCoderOptions Options = new() { Atoms = Atoms, Draws = 3, Epochs = 6, BatchSize = 50, Threads = 1 };

    /// <summary>Samples with some columns replaced.</summary>
    private static float[] Samples(Func<int, int, float?> replaced) => [.. Set.Samples.Select((value, i) => replaced(i / D, i % D) ?? value)];

    [Theory]
    [InlineData("fista")]
    [InlineData("laplacian")]
    [InlineData("thresholded-laplacian")]
    public void They_cost_a_note_and_come_back_from_decoding(string method)
    {
        float[] samples = Samples((_, column) => column == 2 ? 0.1f : column == 5 ? -1e6f : null);
        using var coder = new SparseCoder(Options with { Method = method });
        coder.Fit(samples, D);
        Assert.Equal("samples: columns 2, 5 are constant within the precision of float32 (2 of 8); codes do not depend on them, and they are decoded as the mean", Assert.Single(coder.Notes, IsOfSamples));
        float[] codes = coder.Encode(samples), decoded = coder.Decode(codes);
        Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal((0.1f, -1e6f), (decoded[row * D + 2], decoded[row * D + 5])));
        // The other columns are learned as ever.
        Assert.Contains(codes, code => code != 0);
        // A new vector in which they differ has the code that it has without the difference.
        Assert.Equal(codes, coder.Encode(Samples((_, column) => column == 2 ? 77f : column == 5 ? 0f : null)));
    }

    [Fact]
    public void They_are_saved()
    {
        using var folder = new ScratchFolder();
        float[] samples = Samples((_, column) => column == 0 ? 3f : null);
        using var coder = new SparseCoder(Options);
        coder.Fit(samples, D);
        coder.Save(folder.File("model.safetensors"));
        using var loaded = SparseCoder.Load(folder.File("model.safetensors"));
        float[] codes = coder.Encode(samples);
        Assert.Equal(codes, loaded.Encode(samples));
        Assert.Equal(coder.Decode(codes), loaded.Decode(codes));
        Assert.Empty(loaded.Notes);
    }

    [Fact]
    public void Rounding_counts_as_constant_and_small_deviations_of_large_means_do_not()
    {
        // A millionth of the mean, of which float32 still has some digits; and a billionth, of which it has none.
        using var coder = new SparseCoder(Options);
        coder.Fit(Samples((row, column) => column == 1 ? (float)(1e6 + Set.Samples[row * D + 1]) : column == 3 ? (float)(1e6 + 1e-3 * (row % 7)) : null), D);
        Assert.StartsWith("samples: column 3 is constant within the precision of float32 (1 of 8); codes do not depend on it", Assert.Single(coder.Notes, IsOfSamples), StringComparison.Ordinal);
        using var noisy = new SparseCoder(Options);
        noisy.Fit(Samples((row, column) => column == 3 ? row % 2 == 0 ? 1e6f : MathF.BitIncrement(1e6f) : null), D);
        Assert.Contains("column 3 is constant", Assert.Single(noisy.Notes, IsOfSamples), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_are_counted_and_the_first_are_named()
    {
        using var coder = new SparseCoder(Options);
        coder.Fit(Samples((_, column) => column == 0 ? null : 1f), D);
        Assert.Contains("columns 1, 2, 3, 4, 5 and 2 more are constant within the precision of float32 (7 of 8)", Assert.Single(coder.Notes, IsOfSamples), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_constants_is_refused()
    {
        using var coder = new SparseCoder(Options);
        Assert.StartsWith("samples: all rows are equal within the precision of float32, and do not tell how far values spread", Refusal(Samples((_, column) => column)), StringComparison.Ordinal);
        Assert.StartsWith("samples: one row does not tell how far values spread", Refusal(Set.Samples[..D]), StringComparison.Ordinal);

        string Refusal(float[] samples) => Assert.Throws<InvalidInputException>(() => coder.Fit(samples, D)).Message;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_column_with_one_odd_value_does_no_harm(string method)
    {
        float[] samples = Samples((row, column) => column == 4 ? row == 17 ? 8f : 7f : null);
        using var coder = new SparseCoder(Options with { Method = method });
        coder.Fit(samples, D);
        Assert.Equal("samples: column 4 is almost constant but for single rows (1 of 8), up to 17.3 standard deviations from the mean; look whether these rows are in order", Assert.Single(coder.Notes, IsOfSamples));
        float[] decoded = coder.Decode(coder.Encode(samples));
        Assert.All(decoded, value => Assert.True(float.IsFinite(value)));
        // The others are explained as well as without it, within what seeds change.
        using var plain = new SparseCoder(Options with { Method = method });
        plain.Fit(Samples((_, column) => column == 4 ? 7f : null), D);
        double with = Explained(decoded), without = Explained(plain.Decode(plain.Encode(Samples((_, column) => column == 4 ? 7f : null))));
        Assert.InRange(with, without - 0.1, 1);
    }

    private static double Explained(float[] decoded)
    {
        int[] others = [.. Enumerable.Range(0, decoded.Length).Where(i => i % D != 4)];
        return 1 - others.Sum(i => Math.Pow(decoded[i] - Set.Samples[i], 2)) / others.Sum(i => Math.Pow(Set.Samples[i], 2));
    }

    public static TheoryData<string> Methods => [.. MethodTable.All.Select(method => method.Name)];

    // How the training went is said too.
    private static bool IsOfSamples(string note) => note.StartsWith("samples: ", StringComparison.Ordinal);
}
