using System.IO.Compression;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Data;

public sealed class StoreSetTests : IDisposable
{
    private const int D = StoreFixture.Columns, N = 600;
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Kinds => ["own", "compressed"];

    private string Store(string kind, int rows = N)
    {
        string path = folder.File(kind);
        if (kind == "own") StoreFixture.Own(path, StoreFixture.Rows(rows));
        else
        {
            Directory.CreateDirectory(path);
            for (int first = 0; first < rows; first += 40)
            {
                int count = Math.Min(40, rows - first);
                File.WriteAllBytes(Path.Combine(path, $"part-{first:D5}.npz"), StoreFixture.Npz(CompressionLevel.Fastest, ("x", StoreFixture.Npy(StoreFixture.Rows(count, first), StoredNumber.Float32, count, D))));
            }
        }
        return path;
    }

    private DataOptions Options(string kind, int train, int validation, Normalisation normalisation = Normalisation.None) =>
        new() { Source = Store(kind), TrainSamples = train, ValidationSamples = validation, Normalisation = normalisation };

    private static int[] Numbers(ISampleSet set) => [.. Values(set).Chunk(D).Select(row => (int)(row[0] + 128 * row[1]))];

    private static float[] Values(ISampleSet set)
    {
        float[] values = new float[set.Count * set.Dimension];
        set.CopyRows([.. Enumerable.Range(0, set.Count)], values);
        return values;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_row_is_trained_on_or_held_out_and_none_is_both(string kind)
    {
        using var split = DataSets.Open(Options(kind, N - 70, 70), 1);
        Assert.Equal(Enumerable.Range(0, N), Numbers(split.Train).Concat(Numbers(split.Validation)).Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Some_rows_are_drawn_from_all_over_the_store_and_another_seed_draws_others(string kind)
    {
        using var split = DataSets.Open(Options(kind, 200, 50), 1);
        int[] train = Numbers(split.Train), validation = Numbers(split.Validation);
        Assert.Equal(250, train.Concat(validation).Distinct().Count());
        Assert.InRange(train.Average(), 0.42 * N, 0.58 * N);
        Assert.InRange(validation.Average(), 0.35 * N, 0.65 * N);
        using var same = DataSets.Open(new() { Source = folder.File(kind), TrainSamples = 200, ValidationSamples = 50, Normalisation = Normalisation.None }, 1);
        Assert.Equal(train, Numbers(same.Train));
        using var other = DataSets.Open(new() { Source = folder.File(kind), TrainSamples = 200, ValidationSamples = 50, Normalisation = Normalisation.None }, 2);
        Assert.NotEqual(train.Order(), Numbers(other.Train).Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Files_are_held_out_whole_where_that_is_asked_for(string kind)
    {
        var options = Options(kind, 1, 50) with { HoldOut = HeldOut.Shards };
        var count = DataSets.Count(options);
        // Two files of 40 rows hold 50 samples.
        Assert.Equal((N - 80, 80), (count.Train, count.Validation));
        var fitted = count.Fit(options, validationIsGiven: false);
        Assert.Equal((N - 80, 50), (fitted.TrainSamples, fitted.ValidationSamples));
        using var split = DataSets.Open(fitted, 1);
        Assert.Equal(Enumerable.Range(0, N - 80), Numbers(split.Train).Order());
        Assert.All(Numbers(split.Validation), row => Assert.InRange(row, N - 80, N - 1));
        Assert.Contains("takes all of its", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { ValidationSamples = N - 1 }, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_epoch_takes_every_sample_once_in_an_order_of_its_own_and_any_part_of_it_can_be_asked_for(string kind)
    {
        using var split = DataSets.Open(Options(kind, N - 70, 70), 1);
        int[] first = new int[N - 70], second = new int[N - 70];
        var order = split.Train.Order(5);
        order.Fill(0, 0, first);
        order.Fill(1, 0, second);
        Assert.Equal(Enumerable.Range(0, N - 70), first.Order());
        Assert.Equal(Enumerable.Range(0, N - 70), second.Order());
        Assert.NotEqual(first, second);
        int[] part = new int[100];
        split.Train.Order(5).Fill(1, 130, part);
        Assert.Equal(second.AsSpan(130, 100).ToArray(), part);
    }

    [Fact]
    public void A_mixing_buffer_takes_samples_of_several_blocks_at_a_time()
    {
        RowRange[] blocks = [.. Enumerable.Range(0, 20).Select(block => new RowRange(10 * block, 10))];
        var announced = new List<int[]>();
        var order = new MixedOrder(blocks, 40, 3, some => announced.Add([.. some]));
        int[] all = new int[200];
        order.Fill(0, 0, all);
        Assert.Equal(Enumerable.Range(0, 200), all.Order());
        int[][] windows = [.. all.Chunk(40).Select(window => window.Select(sample => sample / 10).Distinct().Order().ToArray())];
        Assert.All(windows, window => Assert.Equal(4, window.Length));
        Assert.Equal(20, windows.SelectMany(window => window).Distinct().Count());
        // Within a window blocks are mixed: the first ten samples are not those of one block.
        Assert.True(all.Take(10).Select(sample => sample / 10).Distinct().Count() > 1);
        // The next window is read ahead.
        Assert.Equal(windows[1], announced[1].Order());
    }

    [Fact]
    public void Statistics_are_those_of_the_training_rows_where_they_are_few()
    {
        var options = Options("own", N - 70, 70, Normalisation.Column);
        using var split = DataSets.Open(options, 1);
        float[] values = Values(split.Train);
        for (int column = 0; column < D; column++)
        {
            double mean = 0, square = 0;
            for (int row = 0; row < split.Train.Count; row++) (mean, square) = (mean + values[row * D + column], square + values[row * D + column] * values[row * D + column]);
            Assert.Equal(0, mean / split.Train.Count, 1e-5);
            Assert.Equal(1, square / split.Train.Count, 1e-5);
        }
        Assert.Equal(1, split.MeanSquare);
    }

    [Theory]
    [InlineData("own")]
    [InlineData("matrix")]
    public void The_global_normalisation_centres_and_brings_the_mean_norm_to_the_root_of_D(string kind)
    {
        string source = kind == "own" ? Store(kind) : folder.Write("x.npy", StoreFixture.Npy(StoreFixture.Rows(N), StoredNumber.Float32, N, D));
        using var split = DataSets.Open(new() { Source = source, TrainSamples = N - 1, ValidationSamples = 1, Normalisation = Normalisation.Global }, 1);
        float[][] rows = [.. Values(split.Train).Chunk(D)];
        for (int column = 0; column < D; column++) Assert.Equal(0, rows.Average(row => row[column]), 1e-2);
        Assert.Equal(Math.Sqrt(D), rows.Average(row => Math.Sqrt(row.Sum(value => (double)value * value))), 5e-3);
        Assert.Equal(rows.Average(row => row.Average(value => value * value)), split.MeanSquare!.Value, 1e-2);
        double[] scales = [.. split.Preprocessing.Deviation.ToArray().Distinct()];
        Assert.Single(scales);
        float[] restored = [.. rows[0]];
        split.Preprocessing.Restore(restored);
        Assert.Contains(StoreFixture.Rows(N).Chunk(D), row => row.Zip(restored, (expected, actual) => Math.Abs(expected - actual)).Max() < 1e-4);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Ten_gigabytes_take_little_memory()
    {
        const int Shards = 40, Columns = 384, ShardRows = 175_000;
        byte[] header = StoreFixture.Safetensors(("x", [], StoredNumber.Float32, [ShardRows, Columns]));
        byte[] text = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(header.AsSpan(8)).Replace("[0,0]", $"[0,{(long)ShardRows * Columns * 4}]", StringComparison.Ordinal));
        for (int shard = 0; shard < Shards; shard++)
        {
            // Holes of the file system: nothing is written but the headers.
            using var stream = new FileStream(folder.File($"part-{shard:D2}.safetensors"), FileMode.Create);
            stream.Write(BitConverter.GetBytes((long)text.Length));
            stream.Write(text);
            stream.SetLength(8 + text.Length + (long)ShardRows * Columns * 4);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        var options = new DataOptions { Source = folder.Path, TrainSamples = Shards * ShardRows - 1000, ValidationSamples = 1000, Normalisation = Normalisation.None };
        using (var split = DataSets.Open(options, 1))
        {
            Assert.Equal(Shards * ShardRows - 1000, split.Train.Count);
            var order = split.Train.Order(1);
            int[] rows = new int[512];
            float[] batch = new float[512 * Columns];
            for (int step = 0; step < 50; step++)
            {
                order.Fill(step, 12_000 * 512, rows);
                split.Train.CopyRows(rows, batch);
            }
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L << 20);
    }

    [Fact]
    public void Too_few_rows_are_said()
    {
        Assert.Contains("601 samples are wanted but there are only 600 rows", Assert.Throws<InvalidInputException>(() => DataSets.Open(Options("own", N, 1), 1)).Message, StringComparison.Ordinal);
        Assert.Equal(new(N), DataSets.Count(Options("compressed", 1, 1)));
        Assert.Equal(D, DataSets.Dimension(new() { Source = folder.File("compressed") }));
    }

    [Fact]
    public void A_store_has_the_global_normalisation_unless_another_is_asked_for()
    {
        string path = Store("own");
        Assert.Equal(Normalisation.Global, Resolve(new() { ["source"] = path }).Normalisation);
        Assert.Equal(Normalisation.None, Resolve(new() { ["source"] = path, ["normalisation"] = "none" }).Normalisation);
        Assert.Equal(Normalisation.Column, Resolve(new() { ["source"] = path, ["standardise"] = true }).Normalisation);
        Assert.Equal(N, Resolve(new() { ["source"] = path }).TrainSamples + Resolve(new() { ["source"] = path }).ValidationSamples);
        Assert.Equal(Normalisation.Column, Resolve(new() { ["source"] = folder.Write("x.npy", StoreFixture.Npy(StoreFixture.Rows(9), StoredNumber.Float32, 9, D)) }).Normalisation);

        static DataOptions Resolve(JsonObject data) => ExperimentDefaults.Resolve("test", new() { ["data"] = data }).Data;
    }

    [Fact]
    public void Options_of_stores_are_refused_for_other_data()
    {
        folder.Write("x.npy", StoreFixture.Npy(StoreFixture.Rows(9), StoredNumber.Float32, 9, D));
        var options = new DataOptions { Source = folder.File("x.npy"), TrainSamples = 8, ValidationSamples = 1, Tensor = "x", HoldOut = HeldOut.Shards };
        string refusal = Assert.Throws<InvalidInputException>(() => DataSets.Open(options, 1)).Message;
        Assert.Contains("data.tensor is 'x', but", refusal, StringComparison.Ordinal);
        Assert.Contains("data.holdOut is 'shards', but", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_on_a_store_that_was_interrupted_ends_as_one_that_was_not(string kind)
    {
        var experiment = ExperimentDefaults.Resolve("test", new()
        {
            ["method"] = "thresholded-gaussian",
            ["data"] = new JsonObject { ["source"] = Store(kind), ["validationSamples"] = 20 },
            ["generator"] = new JsonObject { ["atoms"] = 8 },
            ["schedule"] = new JsonObject { ["epochs"] = 3, ["batchSize"] = 50 },
            ["compute"] = new JsonObject { ["threads"] = 1 },
        });
        string whole = folder.File("whole"), interrupted = folder.File("interrupted");
        TrainingRun.Start(whole, experiment);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Start(interrupted, experiment, new At(17, stop.Cancel), cancellationToken: stop.Token));
        TrainingRun.Resume(interrupted);
        using SparseCoder first = SparseCoder.Load(whole), second = SparseCoder.Load(interrupted);
        Assert.Equal(first.Dictionary, second.Dictionary);

        using var run = RunFolder.Open(whole);
        string codes = folder.File("codes.npy");
        CodeFiles.Encode(run, folder.File(kind), codes, new());
        float[] expected = first.Encode(StoreFixture.Rows(N));
        using var matrix = NpyMatrix.Open(codes);
        float[] actual = new float[expected.Length];
        matrix.CopyRows(0, N, actual);
        Assert.Equal(expected, actual);
        Assert.True(RunEvaluation.Of(run).Validation.Length == 20 * D);
        Assert.Contains("is read by this command", Assert.Throws<InvalidInputException>(() => CodeFiles.Encode(run, Path.Combine(folder.Path, "*.npy"), codes, new())).Message, StringComparison.Ordinal);
    }

    private sealed class At(long step, Action action) : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
            if (value.Step == step) action();
        }
    }
}
