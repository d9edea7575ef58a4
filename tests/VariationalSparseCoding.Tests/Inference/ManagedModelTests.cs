using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Inference;

public class ManagedModelTests
{
    private const int Rows = 150, Draws = 6;

    private static readonly NoiseKey Key = new(8, NoisePurpose.Evaluation, 1);

    public static TheoryData<string, DrawSelection, CodeKind> Codes
    {
        get
        {
            var data = new TheoryData<string, DrawSelection, CodeKind>();
            foreach (string method in SmallModels.Variational)
                foreach (var selection in Enum.GetValues<DrawSelection>())
                    foreach (var kind in new[] { CodeKind.AsTrained, CodeKind.Mean, CodeKind.Mode }) data.Add(method, selection, kind);
            return data;
        }
    }

    private static ManagedModel Model(string method, DrawSelection selection = DrawSelection.Max, int threads = 1)
    {
        var experiment = SmallModels.Describe(method);
        return SmallModels.Model(experiment with
        {
            Sampling = experiment.Sampling with { Selection = selection, ImportanceWeights = ImportanceWeights.SoftmaxOfLoss },
            Compute = new() { Threads = threads },
        });
    }

    private static float[] Encode(ManagedModel model, CodeRequest request, ReadOnlySpan<float> x, int firstRow = 0)
    {
        float[] codes = new float[x.Length / model.Dimension * model.Atoms];
        model.Encode(request, x, firstRow, codes);
        return codes;
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_depends_neither_on_the_samples_beside_it_nor_on_threads(string method, DrawSelection selection, CodeKind kind)
    {
        var request = new CodeRequest(kind, Key, kind == CodeKind.AsTrained ? Draws : 1, AnnealedWeights.Evaluation);
        float[] x = SmallModels.Samples(Rows);
        using var model = Model(method, selection);
        float[] whole = Encode(model, request, x, firstRow: 1000);
        Assert.All(whole, code => Assert.True(float.IsFinite(code)));
        foreach (int threads in new[] { 0, 2, 7 })
        {
            using var same = Model(method, selection, threads);
            Assert.Equal(whole, Encode(same, request, x, firstRow: 1000));
        }
        foreach (var (first, count) in new[] { (0, 1), (1, 1), (47, 2), (50, 100), (149, 1) })
        {
            float[] part = Encode(model, request, x.AsSpan(first * SmallModels.Inputs, count * SmallModels.Inputs), firstRow: 1000 + first);
            Assert.Equal(whole[(first * SmallModels.Atoms)..((first + count) * SmallModels.Atoms)], part);
        }
    }

    [Theory]
    [InlineData("thresholded-laplacian"), InlineData("laplacian"), InlineData("spike-and-slab"), InlineData("thresholded-gaussian-gamma")]
    public void The_best_draw_reconstructs_best(string method)
    {
        using var model = Model(method);
        foreach (ref float value in model.Parameters.Dictionary.All) value *= 10;
        model.Changed();
        float[] x = SmallModels.Samples(Rows), best = Encode(model, new(CodeKind.AsTrained, Key, Draws, AnnealedWeights.Evaluation), x);
        double[] squares = Squares(model, x, best);
        // The draws one by one: of fewer draws the best is among the first.
        double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, Rows)];
        for (int draws = 1; draws <= Draws; draws++)
            least = [.. Squares(model, x, Encode(model, new(CodeKind.AsTrained, Key, draws, AnnealedWeights.Evaluation), x)).Zip(least, Math.Min)];
        for (int row = 0; row < Rows; row++) Assert.Equal(least[row], squares[row], 1e-5 * (1 + least[row]));
        Assert.True(squares.Sum() < 0.999 * Squares(model, x, Encode(model, new(CodeKind.SingleDraw, Key, 1, AnnealedWeights.Evaluation), x)).Sum());
    }

    private static double[] Squares(ManagedModel model, float[] x, float[] codes)
    {
        float[] decoded = new float[x.Length];
        model.Decode(codes, decoded);
        return [.. x.Zip(decoded, (value, found) => ((double)value - found) * ((double)value - found)).Chunk(model.Dimension).Select(row => row.Sum())];
    }

    [Fact]
    public void Decoding_is_the_product_with_the_dictionary()
    {
        using var model = Model("laplacian", threads: 2);
        float[] codes = RandomNumbers.Normal(3, Rows * SmallModels.Atoms), decoded = new float[Rows * SmallModels.Inputs], one = new float[SmallModels.Inputs];
        model.Decode(codes, decoded);
        float[] dictionary = model.Dictionary();
        for (int row = 0; row < Rows; row++)
        {
            model.Decode(codes.AsSpan(row * SmallModels.Atoms, SmallModels.Atoms), one);
            Assert.Equal(one, decoded[(row * SmallModels.Inputs)..((row + 1) * SmallModels.Inputs)]);
            for (int i = 0; i < one.Length; i++)
                Assert.Equal(Enumerable.Range(0, SmallModels.Atoms).Sum(atom => (double)dictionary[i * SmallModels.Atoms + atom] * codes[row * SmallModels.Atoms + atom]), one[i], 1e-5);
        }
    }

    [Fact]
    public void Changed_parameters_are_used_at_once()
    {
        using var model = Model("laplacian");
        float[] x = SmallModels.Samples(3), before = Encode(model, new(CodeKind.Mean, Key, 1, AnnealedWeights.Evaluation), x);
        foreach (var (_, value, _) in model.Parameters.Network!.Parameters) foreach (ref float number in value.All) number *= 1.1f;
        model.Changed();
        Assert.NotEqual(before, Encode(model, new(CodeKind.Mean, Key, 1, AnnealedWeights.Evaluation), x));
        model.SetDictionary(new float[SmallModels.Inputs * SmallModels.Atoms]);
        float[] decoded = new float[x.Length];
        model.Decode(before, decoded);
        Assert.All(decoded, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_number_of_draws_may_change_from_call_to_call()
    {
        using var model = Model("laplacian");
        float[] x = SmallModels.Samples(3);
        float[][] codes = [.. new[] { 1, 9, 4, 9, 1, 70 }.Select(draws => Encode(model, new(CodeKind.AsTrained, Key, draws, AnnealedWeights.Evaluation), x))];
        Assert.Equal(codes[0], codes[4]);
        Assert.Equal(codes[1], codes[3]);
        using var fresh = Model("laplacian");
        Assert.Equal(codes[5], Encode(fresh, new(CodeKind.AsTrained, Key, 70, AnnealedWeights.Evaluation), x));
    }
}
