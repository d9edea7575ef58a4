using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Features;
using VariationalSparseCoding.Serialization;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Reproduction.Tests.Features;

[Trait("Category", "Slow")]
public sealed class FashionClassifierTests : IDisposable
{
    private const int Pixels = 28 * 28;
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Noise with a bright bar whose place is the class.</summary>
    private static LabelledImages Bars(int count, ulong seed)
    {
        float[] images = [.. Uniforms(count * Pixels, seed).Select(u => (float)(0.4 * u))];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
        for (int i = 0; i < count; i++) images.AsSpan(i * Pixels + (3 + 2 * labels[i]) * 28, 2 * 28).Fill(0.8f);
        return new(images, labels);
    }

    [Fact]
    public void Learns_to_tell_classes_apart_the_same_way_every_time()
    {
        LabelledImages training = Bars(200, 1), test = Bars(100, 2);
        FashionClassifierRecipe recipe = new(Epochs: 6, BatchSize: 20);
        using var first = FashionClassifier.Train(training, test, recipe, default);
        using var second = FashionClassifier.Train(training, test, recipe, default);
        Assert.InRange(first.TestAccuracy, 0.95, 1);
        float[] features = first.Extract(test.Images.Span, FashionClassifier.Shape);
        Assert.Equal(100 * first.Features, features.Length);
        Assert.Equal(features, second.Extract(test.Images.Span, FashionClassifier.Shape));
    }

    [Fact]
    public void Features_of_an_image_do_not_depend_on_the_others()
    {
        var images = Bars(300, 3);
        using var classifier = FashionClassifier.Train(Bars(20, 1), Bars(10, 2), new(Epochs: 1), default);
        float[] together = classifier.Extract(images.Images.Span, FashionClassifier.Shape), last = classifier.Extract(images.Images.Span[^Pixels..], FashionClassifier.Shape);
        for (int i = 0; i < last.Length; i++) Assert.Equal(together[^(last.Length - i)], last[i], 1e-5f);
    }

    [Fact]
    public void Is_trained_once_and_read_from_the_cache_afterwards()
    {
        string path = Path.Combine(folder, FashionClassifier.FileName);
        var images = Bars(10, 4);
        float[] features;
        double accuracy;
        using (var trained = FashionClassifier.Cached(folder, () => Bars(20, 1), () => Bars(10, 2)))
        {
            features = trained.Extract(images.Images.Span, FashionClassifier.Shape);
            accuracy = trained.TestAccuracy;
        }
        using var cached = FashionClassifier.Cached(folder, () => throw new InvalidOperationException(), () => throw new InvalidOperationException());
        Assert.Equal(features, cached.Extract(images.Images.Span, FashionClassifier.Shape));
        Assert.Equal(accuracy, cached.TestAccuracy);
        Assert.True(File.Exists(path));
        Assert.Contains("not FID", cached.DistanceName);
    }

    [Fact]
    public void Another_file_in_its_place_is_refused()
    {
        string path = Path.Combine(folder, FashionClassifier.FileName);
        Safetensors.Write(path, [StoredTensor.Of("x", [0f, 0, 0], 3)]);
        Assert.Contains("holds no classifier", Assert.Throws<InvalidInputException>(() => FashionClassifier.Cached(folder, () => Bars(20, 1), () => Bars(10, 2))).Message);
    }

    [Fact]
    public void A_cancelled_training_leaves_no_file()
    {
        Assert.Throws<OperationCanceledException>(() => FashionClassifier.Cached(folder, () => Bars(20, 1), () => Bars(10, 2), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Images_of_another_form_are_refused()
    {
        using var classifier = FashionClassifier.Train(Bars(20, 1), Bars(10, 2), new(Epochs: 1), default);
        Assert.Contains("3 x 64 x 64", Assert.Throws<InvalidInputException>(() => classifier.Extract(new float[3 * 64 * 64], new ImageShape(3, 64, 64))).Message);
        Assert.Throws<ArgumentException>(() => classifier.Extract(new float[100], FashionClassifier.Shape));
        LabelledImages mislabelled = new(new float[Pixels], new byte[] { 10 }), unlabelled = new(new float[Pixels], ReadOnlyMemory<byte>.Empty);
        Assert.Contains("Label 0 of the training images", Assert.Throws<InvalidInputException>(() => FashionClassifier.Train(mislabelled, Bars(10, 2), new(), default)).Message);
        Assert.Contains("784 pixels with 0 labels", Assert.Throws<InvalidInputException>(() => FashionClassifier.Train(Bars(20, 1), unlabelled, new(), default)).Message);
    }
}
