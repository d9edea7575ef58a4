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
            new() { Kind = CodeKind.ConvergedFista }, new() { Kind = CodeKind.Map }, new() { Kind = CodeKind.Map, Refine = 2 }, new() { Kind = CodeKind.ZeroCode }, new() { Kind = CodeKind.Mean, Refine = 2 },
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
        foreach (CodeKind? kind in method == "fista" ? [null] : new CodeKind?[] { CodeKind.AsTrained, CodeKind.SingleDraw })
        {
            EncodeOptions drawn = new() { Kind = kind };
            float[] whole = coder.Encode(Samples.AsSpan(0, Rows * D), drawn);
            foreach (int row in new[] { 0, 5, 47, 48, 149 }) Assert.Equal(Row(whole, row, Atoms), coder.Encode(Row(Samples, row, D), drawn with { FirstRow = row }));
        }
    }

    [Trait("Category", "Slow")]
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
        foreach (int threads in new[] { 2, 5 })
        {
            using var several = new SparseCoder(new() { Method = method, Atoms = Atoms, Draws = 4, Epochs = 3, BatchSize = 50, Threads = threads, Lambda = 0.5 });
            several.Fit(Samples, D);
            Assert.Equal(codes, several.Encode(Samples));
        }
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
        // Gates that hold the number of active features on average may leave a code empty.
        if (!HasEmptyCodes(method))
        {
            int wanted = Enumerable.Range(0, 400).Count(row => Row(optimum, row, Atoms).Any(code => code != 0));
            Assert.InRange(Enumerable.Range(0, 400).Count(row => Row(optimum, row, Atoms).Any(code => code != 0) && Row(codes, row, Atoms).Any(code => code != 0)), 0.95 * wanted, wanted);
            Assert.InRange(Errors(coder, Samples, codes, D), 0, Errors(coder, Samples, coder.Encode(Samples, new() { Kind = Drawn(method) }), D));
        }
    }

    public static TheoryData<string, int> MethodsAndDraws
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var method in MethodTable.All)
                foreach (int draws in new[] { 1, 20 }) data.Add(method.Name, draws);
            return data;
        }
    }

    /// <summary>A hundred steps on image patches: the dictionary has hardly begun to form, and what draws gain by being chosen counts most.</summary>
    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(MethodsAndDraws))]
    public void On_patches_default_codes_are_worth_having_after_a_short_training(string method, int draws)
    {
        const int Values = 256, Features = 64, Trained = 1200, Held = 200;
        float[] patches = MapInference.LassoData.Npy("patches.npy").Slice(0, Trained + Held).Floats, held = patches[(Trained * Values)..];
        using var coder = new SparseCoder(new()
        {
            Method = method,
            Atoms = Features,
            Draws = draws,
            Epochs = 4,
            BatchSize = 50,
            Threads = 1,
            Configure = e => e with { Schedule = e.Schedule with { DictionaryStep = e.Schedule.DictionaryStep / 5, LearningRate = e.Schedule.LearningRate / 2 } },
        });
        coder.Fit(patches.AsMemory(0, Trained * Values), Values);
        float[] codes = coder.Encode(held), nudged = coder.Encode(Array.ConvertAll(held, value => value * (1 + 1e-5f)));
        double[] indices = [.. Enumerable.Range(0, Held).Select(row => Jaccard(Row(codes, row, Features), Row(nudged, row, Features))).Order()];
        Assert.InRange(indices[Held / 2], 0.95, 1);
        // Gates that hold the number of active features on average may leave a code empty.
        if (!HasEmptyCodes(method))
        {
            float[] optimum = coder.Encode(held, new() { Kind = CodeKind.ConvergedFista });
            int[] wanted = [.. Enumerable.Range(0, Held).Where(row => Row(optimum, row, Features).Any(code => code != 0))];
            Assert.InRange(wanted.Count(row => Row(codes, row, Features).Any(code => code != 0)), 0.95 * wanted.Length, wanted.Length);
            // MAP codes are never empty, not even where the optimum is.
            if (method != "fista") Assert.All(Enumerable.Range(0, Held), row => Assert.Contains(Row(codes, row, Features), code => code != 0));
            Assert.InRange(Errors(coder, held, codes, Values), 0, Errors(coder, held, coder.Encode(held, new() { Kind = Drawn(method) }), Values));
        }
    }

    [Fact]
    public void The_default_kind_is_the_sparse_optimum_on_the_dictionary()
    {
        foreach (string method in MethodTable.All.Select(method => method.Name))
        {
            using var coder = Fitted(method, epochs: 1);
            Assert.Equal(method == "fista" ? CodeKind.ConvergedFista : MethodTable.Find(method)!.Gate is null ? CodeKind.Map : CodeKind.Encoder, coder.DefaultKind);
            Assert.Equal(coder.Encode(Samples), coder.Encode(Samples, new() { Kind = coder.DefaultKind }));
        }
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

    // So many features on average may be none of a sample's.
    private static bool HasEmptyCodes(string method) => MethodTable.Find(method)!.Gate is not (null or GateKind.TopK);

    // Models of MAP inference know one kind.
    private static CodeKind? Drawn(string method) => method == "fista" ? null : CodeKind.AsTrained;

    /// <summary>||X - X'||^2 of standardised values: the rest of the explained variance.</summary>
    private static double Errors(SparseCoder coder, float[] samples, float[] codes, int dimension)
    {
        float[] found = coder.Decode(codes);
        double sum = 0;
        for (int column = 0; column < dimension; column++)
        {
            var rows = Enumerable.Range(0, samples.Length / dimension).Select(row => row * dimension + column);
            double mean = rows.Average(i => (double)samples[i]), variance = rows.Sum(i => (samples[i] - mean) * (samples[i] - mean));
            sum += rows.Sum(i => ((double)samples[i] - found[i]) * (samples[i] - found[i])) / variance;
        }
        return sum;
    }
}
