using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Tests.WholeImages;

/// <summary>Folders of whole images, and new images for models of whole images.</summary>
public class WholeImagesTests
{
    private static float[][] All(ISampleSet set)
    {
        float[] values = new float[set.Count * set.Dimension];
        set.CopyRows([.. Enumerable.Range(0, set.Count)], values);
        return [.. values.Chunk(set.Dimension)];
    }

    private static DataOptions Write(ScratchFolder folder)
    {
        for (int i = 0; i < 9; i++) folder.Write($"{i}.png", TestImages.EncodeGray(TestImages.Noise(10 + i, 16, (uint)i)));
        return new DataOptions { Source = folder.Path, ImageSize = 8, TrainSamples = 5, ValidationSamples = 3 };
    }

    [Fact]
    public void Images_of_a_folder_are_drawn_without_repetition_by_the_seed()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = Write(folder);
        using var split = DataSets.Open(options, 1);
        using var again = DataSets.Open(options, 1);
        using var other = DataSets.Open(options, 2);
        Assert.Equal((5, 3, new ImageShape(3, 8, 8)), (split.Train.Count, split.Validation.Count, split.Preprocessing.ImageShape));
        Assert.Null(split.Labels);
        Assert.Equal(All(split.Train), All(again.Train));
        Assert.NotEqual(All(split.Train), All(other.Train));
        Assert.Equal(8, All(split.Train).Concat(All(split.Validation)).Select(image => string.Join(" ", image)).Distinct().Count());
        Assert.Equal(9, DataSets.Count(options).Total);
        Assert.Contains("10 samples are wanted but the folder has only 9 images", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { TrainSamples = 7 }, 0)).Message, StringComparison.Ordinal);
        // The same files as new data, in the order of their names.
        using var all = DataSets.OpenForEncoding(folder.Path, split.Preprocessing);
        Assert.All(All(split.Train), image => Assert.Contains(image, All(all)));
        using var one = DataSets.OpenForEncoding(folder.File("4.png"), split.Preprocessing);
        Assert.Equal(All(all)[4], Assert.Single(All(one)));
    }

    [Fact]
    public void Files_of_no_image_are_named_or_left_out()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = Write(folder);
        folder.Write("5.png", "no image"u8.ToArray());
        Assert.Contains("5.png", Assert.Throws<InvalidInputException>(() => DataSets.Open(options, 0)).Message, StringComparison.Ordinal);
        using var split = DataSets.Open(options with { SkipBadImages = true }, 0);
        Assert.Equal(8, split.Train.Count + split.Validation.Count);
        using var empty = new ScratchFolder();
        Assert.Contains("no image", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { Source = empty.Path }, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { Source = empty.File("x") }, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_told()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = Write(folder);
        var told = new Told();
        DataSets.Prepare(options, told);
        Assert.Equal([new ImageProgress(9, 9)], told.Reports);
        DataSets.Prepare(options, told);
        DataSets.Prepare(new DataOptions(), told);
        Assert.Single(told.Reports);
        Assert.ThrowsAny<OperationCanceledException>(() => DataSets.Prepare(options with { ImageSize = 9 }, null, new CancellationToken(canceled: true)));
        Assert.Single(cache.Files);
    }

    private sealed class Told : IProgress<ImageProgress>
    {
        public List<ImageProgress> Reports { get; } = [];

        public void Report(ImageProgress value) => Reports.Add(value);
    }

    [Fact]
    public void New_data_for_a_model_of_images_may_be_a_matrix_or_an_idx_file()
    {
        using var folder = new ScratchFolder();
        var preprocessing = Preprocessing.OfImages(new ImageShape(1, 2, 3));
        float[] values = [0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1, 1, 1, 0, 0, 0];
        Npy.Write<float>(folder.File("x.npy"), values, 6);
        using var matrix = DataSets.OpenForEncoding(folder.File("x.npy"), preprocessing);
        using var idx = DataSets.OpenForEncoding(folder.Write("x-ubyte.gz", IdxWriter.Zip(IdxWriter.File([2, 2, 3], [.. values.Select(value => (byte)MathF.Round(value * 255))]))), preprocessing);
        Assert.Equal(values.Chunk(6), All(matrix));
        Assert.Equal(values.Chunk(6), All(idx));
    }

    [Fact]
    public void New_data_of_another_form_is_refused()
    {
        using var folder = new ScratchFolder();
        var preprocessing = Preprocessing.OfImages(new ImageShape(1, 2, 3));
        string Refusal(string source) => Assert.Throws<InvalidInputException>(() =>
        {
            using var set = DataSets.OpenForEncoding(source, preprocessing);
            All(set);
        }).Message;
        Npy.Write<float>(folder.File("bytes.npy"), new float[] { 0, 1, 0, 255, 0, 0 }, 6);
        Assert.Contains("row 0, column 3 is 255", Refusal(folder.File("bytes.npy")), StringComparison.Ordinal);
        Npy.Write<float>(folder.File("wide.npy"), new float[7], 7);
        Assert.Contains("7 values where the model takes 6", Refusal(folder.File("wide.npy")), StringComparison.Ordinal);
        Assert.Contains("3 x 2 x 2", Refusal(folder.Write("x.idx", IdxWriter.File([3, 2, 2], new byte[12]))), StringComparison.Ordinal);
        Assert.Contains("whole images of 2 x 3", Refusal(DataOptions.NaturalImages), StringComparison.Ordinal);
        Assert.Contains("whole images of 2 x 3", Refusal(folder.File("x.mat")), StringComparison.Ordinal);
    }
}
