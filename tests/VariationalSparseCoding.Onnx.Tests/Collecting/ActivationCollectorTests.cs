using VariationalSparseCoding.Onnx.Collecting;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Tests.Collecting;

public sealed class ActivationCollectorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name) => Path.Combine(folder, name);

    /// <summary>Texts of one to many words, with their tokens between [CLS] and [SEP].</summary>
    private static (string[] Texts, int[][] Tokens) Texts(int count)
    {
        (string Word, int[] Tokens)[] words = [("the", [5]), ("Cats", [6, 7]), ("cat", [6]), ("sat", [8]), ("on", [9]), ("mat.", [10, 11]), ("zebra", [1])];
        var random = new System.Random(3);
        List<string> texts = [];
        List<int[]> tokens = [];
        for (int i = 0; i < count; i++)
        {
            var chosen = Enumerable.Range(0, 1 + random.Next(9)).Select(_ => words[random.Next(words.Length)]).ToList();
            texts.Add(string.Join(' ', chosen.Select(word => word.Word)));
            tokens.Add([2, .. chosen.SelectMany(word => word.Tokens), 3]);
        }
        return ([.. texts], [.. tokens]);
    }

    private TextInput Input(string[] texts, Func<TextInputOptions, TextInputOptions>? change = null)
    {
        System.IO.File.WriteAllLines(File("texts.txt"), texts);
        TextInputOptions options = new() { Vocabulary = TinyEncoder.WriteVocabulary(File("vocab.txt")), BatchSize = 4 };
        return new(new(File("texts.txt")), change?.Invoke(options) ?? options);
    }

    private CollectOptions Options(string store, params string[] tensors) => new() { Model = TinyEncoder.Write(File("encoder.onnx")), Tensors = tensors, Folder = File(store), Threads = 1 };

    private static float[] Flat(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row)];

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Rows_are_those_of_the_texts_one_by_one_in_their_order()
    {
        // More than a window holds.
        var (texts, tokens) = Texts(1500);
        using var input = Input(texts);
        var stores = ActivationCollector.Run(Options("stores", TinyEncoder.Hidden, TinyEncoder.Embedded), input);
        Assert.Equal([File("stores/layer.0_hidden"), File("stores/embedded")], stores.Select(store => store.Folder));
        Assert.Equal(Flat(tokens.SelectMany(text => TinyEncoder.HiddenOf(text))), Stores.Read(stores[0].Folder));
        Assert.Equal(Flat(tokens.SelectMany(text => text.Select(TinyEncoder.Embedding))), Stores.Read(stores[1].Folder));
        var (columns, rows) = await Stores.Notes(stores[0].Folder);
        Assert.Equal(["text_index", "text", "token", "position"], columns);
        Assert.Equal(tokens.SelectMany((text, index) => text.Select((token, position) => new[] { $"{index}", texts[index], TinyEncoder.Vocabulary[token], $"{position}" })), rows);
        var description = StoreDescription.Read(stores[0].Folder);
        Assert.Equal((TinyEncoder.Hidden, "encoder.onnx", tokens.Sum(text => text.Length), true), (description.Tensor, description.Model!.File, description.Count, description.Complete));
    }

    [Theory]
    [InlineData(true, OnnxModel.Int64)]
    [InlineData(false, OnnxModel.Int64)]
    [InlineData(true, 6)]
    public void Models_without_a_mask_and_with_small_numbers_give_the_same(bool hasMask, int type)
    {
        var (texts, tokens) = Texts(50);
        using var input = Input(texts);
        ActivationCollector.Run(Options("store", TinyEncoder.Hidden) with { Model = TinyEncoder.Write(File("other.onnx"), hasMask, type) }, input);
        Assert.Equal(Flat(tokens.SelectMany(text => TinyEncoder.HiddenOf(text))), Stores.Read(File("store")));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Special_tokens_can_be_left_out_and_long_texts_are_cut()
    {
        using var input = Input(["the cat sat on the mat.", "cats"], options => options with { KeepsSpecialTokens = false, MostTokens = 5 });
        ActivationCollector.Run(Options("store", TinyEncoder.Hidden), input);
        Assert.Equal(Flat([.. TinyEncoder.HiddenOf(2, 5, 6, 8, 3)[1..^1], .. TinyEncoder.HiddenOf(2, 6, 7, 3)[1..^1]]), Stores.Read(File("store")));
        Assert.Equal(["the", "cat", "sat", "cat", "##s"], (await Stores.Notes(File("store"))).Rows.Select(row => row[2]));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Tokens_are_pooled_without_their_padding()
    {
        using var input = Input(["the cat sat on", "mat."]);
        float[][] first = TinyEncoder.HiddenOf(2, 5, 6, 8, 9, 3), second = TinyEncoder.HiddenOf(2, 10, 11, 3);
        ActivationCollector.Run(Options("mean", TinyEncoder.Hidden) with { Pooling = Pooling.Mean }, input);
        static float[] Mean(float[][] rows) => [.. Enumerable.Range(0, TinyEncoder.Dimension).Select(i => rows.Average(row => row[i]))];
        Assert.Equal(Flat([Mean(first), Mean(second)]), Stores.Read(File("mean")));
        ActivationCollector.Run(Options("first", TinyEncoder.Hidden) with { Pooling = Pooling.First }, input);
        Assert.Equal(Flat([first[0], second[0]]), Stores.Read(File("first")));
        // A tensor that the model pools itself, here with the padding.
        ActivationCollector.Run(Options("pooled", TinyEncoder.Pooled), input);
        Assert.Equal(2, StoreDescription.Read(File("pooled")).Count);
        Assert.Equal(["text_index", "text"], (await Stores.Notes(File("pooled"))).Columns);
        Refused("one row for each sample already", () => ActivationCollector.Run(Options("other", TinyEncoder.Pooled) with { Pooling = Pooling.Mean }, input));
    }

    [Fact]
    public async Task Blank_texts_are_passed_over_and_labels_are_kept()
    {
        System.IO.File.WriteAllText(File("table.csv"), "label,text\nb,cat\nc,\n\"a, or d\",\"on\r\nthe\"\n");
        using var input = new TextInput(new(File("table.csv"), "text", "label"), new() { Vocabulary = TinyEncoder.WriteVocabulary(File("vocab.txt")), KeepsSpecialTokens = false });
        ActivationCollector.Run(Options("store", TinyEncoder.Embedded), input);
        Assert.Equal(Flat(new[] { 6, 9, 5 }.Select(TinyEncoder.Embedding)), Stores.Read(File("store")));
        Assert.Equal([["0", "cat", "cat", "1", "b"], ["2", "on\r\nthe", "on", "1", "a, or d"], ["2", "on\r\nthe", "the", "2", "a, or d"]], (await Stores.Notes(File("store"))).Rows);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_collection_that_was_stopped_anywhere_ends_in_the_same_store()
    {
        var (texts, _) = Texts(3000);
        using var input = Input(texts);
        CollectOptions Kept(string store) => Options(store, TinyEncoder.Hidden, TinyEncoder.Pooled) with { ShardBytes = 7000, Type = StoreDescription.Float16 };
        ActivationCollector.Run(Kept("whole"), input);
        for (int reports = 1; reports <= 3; reports++)
        {
            string store = $"stopped{reports}";
            int stops = 0;
            while (true)
            {
                using var stop = new CancellationTokenSource();
                try
                {
                    ActivationCollector.Run(Kept(store), input, new Stopping(reports + stops, stop), stop.Token);
                    break;
                }
                catch (OperationCanceledException)
                {
                    stops++;
                }
            }
            Assert.InRange(stops, 1, 5);
            foreach (string tensor in new[] { "layer.0_hidden", TinyEncoder.Pooled })
                foreach (string path in Directory.GetFiles(File($"whole/{tensor}")).Where(path => Path.GetFileName(path) != StoreDescription.FileName))
                    Assert.Equal(System.IO.File.ReadAllBytes(path), System.IO.File.ReadAllBytes(Path.Combine(File(store), tensor, Path.GetFileName(path))));
            Assert.Equal(StoreDescription.Read(File($"whole/{TinyEncoder.Pooled}")).Shards, StoreDescription.Read(File($"{store}/{TinyEncoder.Pooled}")).Shards);
        }
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_collection_goes_on_only_as_it_was_begun()
    {
        using var input = Input(["the cat", "sat"]);
        var store = Assert.Single(ActivationCollector.Run(Options("store", TinyEncoder.Hidden), input));
        Assert.Equal((7, 0), (store.Rows, store.RowsBefore));
        store = Assert.Single(ActivationCollector.Run(Options("store", TinyEncoder.Hidden), input));
        Assert.Equal((7, 7), (store.Rows, store.RowsBefore));
        Refused("another tensor", () => ActivationCollector.Run(Options("store", TinyEncoder.Embedded), input));
        Refused("another type", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden) with { Type = StoreDescription.Float16 }, input));
        Refused("another pool", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden) with { Pooling = Pooling.First }, input));
        Refused("another mostRows", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden) with { MostRows = 3 }, input));
        Refused("the store of one tensor", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden, TinyEncoder.Embedded), input));
        using var other = Input(["the cat", "on"]);
        Refused("another sha256", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden), other));
        Directory.CreateDirectory(File("full"));
        System.IO.File.WriteAllText(File("full/notes.txt"), "mine");
        Refused("other files", () => ActivationCollector.Run(Options("full", TinyEncoder.Hidden), other));
        Refused("is a file", () => ActivationCollector.Run(Options("texts.txt", TinyEncoder.Hidden), other));
    }

    [Fact]
    public async Task A_number_of_rows_can_be_given()
    {
        var (texts, tokens) = Texts(30);
        using var input = Input(texts);
        ActivationCollector.Run(Options("store", TinyEncoder.Hidden) with { MostRows = 11 }, input);
        Assert.Equal(Flat(tokens.SelectMany(text => TinyEncoder.HiddenOf(text)).Take(11)), Stores.Read(File("store")));
        Assert.Equal(11, (await Stores.Notes(File("store"))).Rows.Length);
    }

    [Fact]
    public async Task Maps_of_a_network_have_a_row_for_each_position()
    {
        new OnnxModel().Input("image", 0, 2, 1, 3).Node("Neg", "image", "map").Node("GlobalAveragePool", "map", "mean").Output("mean", 0, 2, 1, 1).Write(File("image.onnx"));
        Npy.Write<float>(File("x.npy"), (float[])[.. Enumerable.Range(1, 18).Select(value => (float)value)], 6);
        using var input = new MatrixInput(File("x.npy"), 2);
        var options = Options("store", "map") with { Model = File("image.onnx") };
        ActivationCollector.Run(options, input);
        Assert.Equal([-1, -4, -2, -5, -3, -6, -7, -10, -8, -11, -9, -12, -13, -16, -14, -17, -15, -18], Stores.Read(File("store")));
        var (columns, rows) = await Stores.Notes(File("store"));
        Assert.Equal(["row_index", "position"], columns);
        Assert.Equal(["0 0", "0 1", "0 2", "1 0", "1 1", "1 2", "2 0", "2 1", "2 2"], rows.Select(row => string.Join(' ', row)));
        ActivationCollector.Run(options with { Folder = File("mean"), Pooling = Pooling.Mean }, input);
        Assert.Equal([-2, -5, -8, -11, -14, -17], Stores.Read(File("mean")));
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        using var input = Input(["the cat"]);
        Refused("its second tokens", () => ActivationCollector.Run(Options("store", "context"), input));
        new OnnxModel().Input("x", 0, 4).Node("Neg", "x", "y").Output("y", 0, 4).Write(File("vectors.onnx"));
        Refused("takes no texts", () => ActivationCollector.Run(Options("store", "y") with { Model = File("vectors.onnx") }, input));
        Npy.Write<float>(File("x.npy"), (float[])[1, 2, 3, 4, 5, 6], 3);
        using var matrix = new MatrixInput(File("x.npy"), 2);
        Refused("3 values", () => ActivationCollector.Run(Options("store", "y") with { Model = File("vectors.onnx") }, matrix));
        Refused("2 inputs", () => ActivationCollector.Run(Options("store", TinyEncoder.Hidden), matrix));
        Assert.False(Directory.Exists(File("store")));
    }

    private static void Refused(string part, Action action)
    {
        string message = Assert.Throws<InvalidInputException>(action).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private sealed class Stopping(int reports, CancellationTokenSource stop) : IProgress<CollectProgress>
    {
        private int left = reports;

        public void Report(CollectProgress value)
        {
            if (left-- == 0) stop.Cancel();
        }
    }
}
