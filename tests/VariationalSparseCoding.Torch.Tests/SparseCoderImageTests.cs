using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests;

/// <summary>A coder of whole images, with a convolutional generator.</summary>
public class SparseCoderImageTests
{
    private const int Features = 4, Count = 48;

    private static readonly ImageShape Shape = new(1, 28, 28);

    private static readonly float[] Images = Bars(Count);

    private static SparseCoderOptions Options => new()
    {
        Images = Shape,
        Method = "thresholded-gaussian",
        Atoms = Features,
        Draws = 4,
        Epochs = 6,
        BatchSize = 8,
        Threads = 1,
        Configure = e => e with { Schedule = e.Schedule with { LearningRate = 3e-3 } },
    };

    /// <summary>White bars, each in one of seven rows.</summary>
    private static float[] Bars(int count)
    {
        float[] images = new float[count * Shape.Size];
        for (int i = 0; i < count; i++) images.AsSpan(i * Shape.Size + i % 7 * 4 * Shape.Width, 4 * Shape.Width).Fill(1);
        return images;
    }

    private static SparseCoder Fitted(SparseCoderOptions? options = null)
    {
        var coder = new SparseCoder(options ?? Options);
        coder.Fit(Images, Shape.Size);
        return coder;
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Images_are_learned_encoded_and_decoded()
    {
        using var coder = Fitted();
        Assert.Equal((Shape.Size, Features, GeneratorKind.Convolutional), (coder.Dimension, coder.Atoms, coder.Experiment.Generator.Kind));
        Assert.Equal(0.01, coder.Experiment.Objective.KlWeight, 1e-12);
        float[] codes = coder.Encode(Images);
        Assert.Equal(Count * Features, codes.Length);
        Assert.Equal(codes, coder.Encode(Images, new EncodeOptions { Kind = CodeKind.Mean }));
        Assert.Contains(0f, coder.Encode(Images, new EncodeOptions { Kind = CodeKind.AsTrained }));
        float[] decoded = coder.Decode(codes);
        Assert.All(decoded, value => Assert.InRange(value, 0, 1));
        using var untrained = Fitted(Options with { Configure = e => e with { Schedule = e.Schedule with { LearningRate = 1e-12 } } });
        Assert.True(Error(decoded) < 0.5 * Error(untrained.Decode(untrained.Encode(Images))));
        Assert.Contains("no dictionary", Assert.Throws<InvalidInputException>(() => coder.Dictionary).Message, StringComparison.Ordinal);
        Assert.Contains("need a dictionary", Assert.Throws<InvalidInputException>(() => coder.Encode(Images, new EncodeOptions { Kind = CodeKind.ConvergedFista })).Message, StringComparison.Ordinal);

        static double Error(float[] images) => images.Zip(Images, (made, image) => Math.Pow(made - image, 2)).Average();
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_saved_coder_encodes_continues_and_fits_as_the_first_one()
    {
        using var scratch = new ScratchFolder();
        using var coder = Fitted();
        coder.Save(scratch.File("model.safetensors"));
        using var loaded = SparseCoder.Load(scratch.File("model.safetensors"));
        float[] codes = coder.Encode(Images);
        Assert.Equal(codes, loaded.Encode(Images));
        coder.PartialFit(Images, Shape.Size);
        loaded.PartialFit(Images, Shape.Size);
        Assert.NotEqual(codes, coder.Encode(Images));
        Assert.Equal(coder.Encode(Images), loaded.Encode(Images));
        loaded.Fit(Images, Shape.Size);
        Assert.Equal(codes, loaded.Encode(Images));
    }

    [Fact]
    public void A_stream_of_images_gives_one_coder_however_it_is_cut()
    {
        using SparseCoder whole = new(Options with { SamplesPerEpoch = Count }), cut = new(Options with { SamplesPerEpoch = Count });
        whole.PartialFit(Images, Shape.Size);
        for (int first = 0; first < Count; first += 12) cut.PartialFit(Images.AsMemory(first * Shape.Size, 12 * Shape.Size), Shape.Size);
        Assert.Equal(whole.Encode(Images), cut.Encode(Images));
    }

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        float[] bytes = [.. Images.Select(value => 255 * value)];
        Says("divide bytes by 255", () => new SparseCoder(Options).Fit(bytes, Shape.Size));
        Says("28 x 28 or 64 x 64 pixels, not 14 x 56", () => Fitted(Options with { Images = new(1, 14, 56) }));
        Says("2 channels", () => Fitted(Options with { Images = new(2, 28, 28) }));
        Says("have 12288 values where samples have 784", () => Fitted(Options with { Images = new(3, 64, 64) }));
        Says("leave out Images", () => Fitted(Options with { Dictionary = new float[Shape.Size, 2] }));
        Says("leave out Images", () => Fitted(SparseCoderOptions.SparseCoding with { Images = Shape }));
        Says("leave out Normalisation", () => Fitted(Options with { Normalisation = Normalisation.Column }));
        Says("needs a dictionary", () => Fitted(Options with { Method = "fista" }));
        Says("BatchSize", () => Fitted(Options with { BatchSize = 1 }));
        using var coder = Fitted(Options with { Epochs = 1 });
        Says("row 0", () => coder.Encode(bytes));

        static void Says(string part, Action action) => Assert.Contains(part, Assert.Throws<InvalidInputException>(action).Message, StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Every_flip_of_a_saved_convolutional_model_is_found()
    {
        using var folder = new ScratchFolder();
        string path = folder.File("model.safetensors");
        using (var coder = Fitted(Options with { Epochs = 1 })) coder.Save(path);
        Flips.AllFound(path, Flips.HeaderOf(path), () => SparseCoder.Load(path).Dispose());
    }

    /// <summary>The tensor library chooses its kernels by the size of the batch: codes of images are equal to 1e-5, where those with a dictionary are equal bit for bit.</summary>
    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("gaussian"), InlineData("laplacian"), InlineData("spike-and-slab"), InlineData("thresholded-gaussian"), InlineData("thresholded-gaussian-gamma")]
    [InlineData("thresholded-laplacian"), InlineData("thresholded-laplacian-gamma")]
    public void A_code_is_that_of_its_image_whatever_its_row_batch_and_threads(string method)
    {
        using var coder = Fitted(Options with { Method = method, Epochs = 2 });
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(row => row * 31 % 53), 5, 5, 0];
        float[] varied = [.. Images.Select((value, i) => 0.8f * value + 0.2f * (i * 7919 % 256) / 255)];
        foreach (EncodeOptions options in new EncodeOptions[] { new(), new() { Kind = CodeKind.Mean }, new() { Kind = CodeKind.Mode } })
        {
            float[] codes = coder.Encode(varied, options), shuffled = coder.Encode([.. order.SelectMany(row => Row(varied, row, Shape.Size))], options with { FirstRow = 77 });
            float scale = codes.Max(Math.Abs);
            for (int i = 0; i < order.Length; i++) AssertClose(Row(codes, order[i], Features), Row(shuffled, i, Features), scale);
            foreach (int row in new[] { 0, 5, Count - 1 }) AssertClose(Row(codes, row, Features), coder.Encode(Row(varied, row, Shape.Size), options), scale);
            Parallel.For(0, 4, i => AssertClose(Row(codes, i, Features), coder.Encode(Row(varied, i, Shape.Size), options), scale));
        }

        static void AssertClose(float[] expected, float[] found, float scale) => Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-5f * scale));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_coder_that_is_disposed_while_it_encodes_finishes_or_says_so()
    {
        float[] expected;
        using var folder = new ScratchFolder();
        using (var coder = Fitted(Options with { Epochs = 1 }))
        {
            expected = coder.Encode(Images);
            coder.Save(folder.File("model.safetensors"));
        }
        for (int round = 0; round < 5; round++)
        {
            var coder = SparseCoder.Load(folder.File("model.safetensors"));
            using var begun = new CountdownEvent(3);
            var encoders = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
            {
                begun.Signal();
                while (true)
                {
                    try
                    {
                        Assert.All(coder.Encode(Images).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            begun.Wait();
            await Task.Delay(10 * round);
            coder.Dispose();
            await Task.WhenAll(encoders);
        }
    }

    private static float[] Row(float[] rows, int row, int width) => rows[(row * width)..((row + 1) * width)];
}
