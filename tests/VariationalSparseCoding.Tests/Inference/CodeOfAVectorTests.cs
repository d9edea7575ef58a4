using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests.Inference;

/// <summary>A code is a function of its vector, whatever the row, the batch, the neighbours and the threads; codes that are drawn are one of vector and row.</summary>
public sealed class CodeOfAVectorTests
{
    private const int D = 16, Atoms = 24, Rows = 150;

    private static readonly float[] Samples = SyntheticData.Generate(new() { Samples = 400, Dimension = D, Atoms = Atoms, Support = 2 }, 3).Samples;

    public static TheoryData<string> Methods => [.. MethodTable.All.Select(method => method.Name)];

    private static SparseCoder Fitted(string method, int epochs = 3)
    {
        var coder = new SparseCoder(new() { Method = method, Atoms = Atoms, Draws = 4, Epochs = epochs, BatchSize = 50, Threads = 1, Lambda = 0.5 });
        coder.Fit(Samples, D);
        return coder;
    }

    private static float[] Row(float[] rows, int row, int width) => rows[(row * width)..((row + 1) * width)];

    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Methods))]
    public void Permuted_split_and_repeated_rows_have_permuted_split_and_repeated_codes(string method)
    {
        using var coder = Fitted(method);
        EncodeOptions[] kinds =
        [
            new(), new() { Refine = 3 }, new() { Refine = EncodeOptions.UntilConverged }, new() { Kind = CodeKind.Mean }, new() { Kind = CodeKind.Mode },
            new() { Kind = CodeKind.ConvergedFista }, new() { Kind = CodeKind.Mean, Refine = 2 },
        ];
        int[] order = [.. Enumerable.Range(0, Rows).OrderBy(row => row * 7919 % 151).Concat([5, 5, 5, 0, 149])];
        float[] shuffled = [.. order.SelectMany(row => Row(Samples, row, D))];
        foreach (var kind in kinds)
        {
            float[] codes = coder.Encode(Samples.AsSpan(0, Rows * D), kind), others = coder.Encode(shuffled, kind with { FirstRow = 77 });
            for (int i = 0; i < order.Length; i++) Assert.Equal(Row(codes, order[i], Atoms), Row(others, i, Atoms));
            foreach (int row in new[] { 0, 5, 47, 48, 149 }) Assert.Equal(Row(codes, row, Atoms), coder.Encode(Row(Samples, row, D), kind));
        }
        // Draws have the row as their address.
        EncodeOptions drawn = new() { Kind = method == "fista" ? null : CodeKind.AsTrained };
        float[] whole = coder.Encode(Samples.AsSpan(0, Rows * D), drawn);
        foreach (int row in new[] { 0, 5, 47, 48, 149 }) Assert.Equal(Row(whole, row, Atoms), coder.Encode(Row(Samples, row, D), drawn with { FirstRow = row }));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Default_codes_do_not_depend_on_threads(string method)
    {
        using var coder = Fitted(method);
        float[] codes = coder.Encode(Samples);
        using var folder = new Serialization.ScratchFolder();
        coder.Save(folder.File("model.safetensors"));
        using var same = SparseCoder.Load(folder.File("model.safetensors"));
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(codes, same.Encode(Samples)));
    }

    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Methods))]
    public void Default_codes_are_continuous_not_empty_and_reconstruct_no_worse_than_the_best_draw(string method)
    {
        using var coder = Fitted(method, epochs: 60);
        float[] codes = coder.Encode(Samples), nudged = coder.Encode(Array.ConvertAll(Samples, value => value * (1 + 1e-5f)));
        float[] optimum = coder.Encode(Samples, new() { Kind = CodeKind.ConvergedFista });
        double[] indices = [.. Enumerable.Range(0, 400).Select(row => Jaccard(Row(codes, row, Atoms), Row(nudged, row, Atoms))).Order()];
        Assert.InRange(indices[200], 0.95, 1);
        int wanted = Enumerable.Range(0, 400).Count(row => Row(optimum, row, Atoms).Any(code => code != 0));
        Assert.InRange(Enumerable.Range(0, 400).Count(row => Row(optimum, row, Atoms).Any(code => code != 0) && Row(codes, row, Atoms).Any(code => code != 0)), 0.95 * wanted, wanted);
        // The mean of a dense posterior overtakes the best of several draws only late in training (docs/mathematics.md section 3.8): here it is compared with one.
        CodeKind? rival = coder.DefaultKind switch { CodeKind.Map => CodeKind.AsTrained, CodeKind.Mean => CodeKind.SingleDraw, _ => null };
        double[] drawn = Errors(coder, coder.Encode(Samples, new() { Kind = rival }));
        Assert.InRange(Errors(coder, codes).Sum(), 0, drawn.Sum());
    }

    [Fact]
    public void A_code_that_is_not_finite_is_refused()
    {
        using var coder = Fitted("laplacian");
        float[] far = Array.ConvertAll(Row(Samples, 0, D), _ => 1e38f);
        Assert.Contains("row 0", Assert.Throws<InvalidInputException>(() => coder.Encode(far, new() { Kind = CodeKind.AsTrained })).Message, StringComparison.Ordinal);
    }

    private static double Jaccard(float[] one, float[] other)
    {
        int shared = one.Zip(other, (a, b) => a != 0 && b != 0).Count(both => both), either = one.Zip(other, (a, b) => a != 0 || b != 0).Count(any => any);
        return either == 0 ? 1 : (double)shared / either;
    }

    private static double[] Errors(SparseCoder coder, float[] codes) => [.. Samples.Zip(coder.Decode(codes), (x, found) => ((double)x - found) * (x - found)).Chunk(D).Select(row => row.Sum())];
}
