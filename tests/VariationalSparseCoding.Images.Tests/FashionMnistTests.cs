using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests;

public class FashionMnistTests
{
    private static DataOptions Options(ScratchFolder folder, int train = 5, int validation = 3) =>
        new() { Source = DataOptions.FashionMnist, Root = folder.Path, TrainSamples = train, ValidationSamples = validation };

    private static string Refusal(ScratchFolder folder, int train = 5, int validation = 3) =>
        Assert.Throws<InvalidInputException>(() => DataSets.Open(Options(folder, train, validation), 0)).Message;

    [Fact]
    public void The_first_images_of_both_files_are_samples_in_their_order()
    {
        using var folder = new ScratchFolder();
        FashionFiles.Write(folder, 7, 4);
        using var split = DataSets.Open(Options(folder), 0);
        Assert.Equal((5, 3, 784), (split.Train.Count, split.Validation.Count, split.Train.Dimension));
        Assert.Equal(new ImageShape(1, 28, 28), split.Preprocessing.ImageShape);
        Assert.Equal(SampleKind.Images, split.Preprocessing.Kind);
        Assert.False(split.Preprocessing.IsStandardised);
        foreach (bool isTest in new[] { false, true })
        {
            float[] values = new float[2 * 784];
            (isTest ? split.Validation : split.Train).CopyRows([2, 0], values);
            Assert.Equal(Enumerable.Range(0, 784).Select(pixel => FashionFiles.Pixel(2, pixel, isTest) / 255f), values[..784]);
            Assert.Equal(Enumerable.Range(0, 784).Select(pixel => FashionFiles.Pixel(0, pixel, isTest) / 255f), values[784..]);
        }
        Assert.Equal(11, DataSets.Count(Options(folder)).Total);
    }

    [Fact]
    public void Classes_are_labels_of_which_one_holds()
    {
        using var folder = new ScratchFolder();
        FashionFiles.Write(folder, 7, 4);
        using var split = DataSets.Open(Options(folder), 0);
        var labels = split.Labels!;
        Assert.Equal(("T-shirt/top", "Ankle boot", 10), (labels.Names[0], labels.Names[9], labels.Names.Count));
        Assert.Equal((50, 30), (labels.Train.Length, labels.Validation.Length));
        for (int i = 0; i < 5; i++)
            Assert.Equal(Enumerable.Range(0, 10).Select(m => (byte)(m == i * 3 % 10 ? 1 : 0)), labels.Train[(10 * i)..(10 * i + 10)].ToArray());
        Assert.Equal(labels.Train[..30].ToArray(), labels.Validation.ToArray());
    }

    [Fact]
    public void Files_that_contradict_each_other_or_do_not_suffice_are_refused()
    {
        using var folder = new ScratchFolder();
        FashionFiles.Write(folder, 7, 4);
        Assert.Contains("8 training samples are wanted but it has only 7", Refusal(folder, train: 8), StringComparison.Ordinal);
        Assert.Contains("5 validation samples are wanted but it has only 4", Refusal(folder, validation: 5), StringComparison.Ordinal);
        folder.Write("t10k-labels-idx1-ubyte", FashionFiles.Labels(3));
        Assert.Contains("it is of 3 where there are 4 images", Refusal(folder), StringComparison.Ordinal);
        folder.Write("t10k-labels-idx1-ubyte", IdxWriter.File([4], [0, 10, 1, 2]));
        Assert.Contains("the class of image 1 is 10", Refusal(folder), StringComparison.Ordinal);
        folder.Write("t10k-images-idx3-ubyte", IdxWriter.File([4, 2, 2], new byte[16]));
        Assert.Contains("4 x 2 x 2", Refusal(folder), StringComparison.Ordinal);
        File.Delete(folder.File("t10k-images-idx3-ubyte"));
        Assert.Contains("lacks t10k-images-idx3-ubyte.gz", Refusal(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mnist", "", 0, 0, false, false, 0)]
    [InlineData("fashion-mnist", "somewhere", 28, 1, true, false, 0)]
    [InlineData("fashion-mnist", "", 32, 3, false, true, 3)]
    [InlineData("celeba", "somewhere", 0, 0, true, true, 0)]
    [InlineData("celeba", "", 2000, 2, false, false, 2)]
    [InlineData("photographs", "", 32, 1, true, true, 0)]
    [InlineData("photographs", "somewhere", 0, 3, true, true, 3)]
    [InlineData("natural-images", "", 32, 0, false, false, 1)]
    [InlineData("matrix.npy", "", 32, 0, false, false, 1)]
    [InlineData("images.mat", "", -1, 0, false, false, 1)]
    public void Options_that_contradict_the_source_are_named(string source, string root, int size, int channels, bool flip, bool skip, int count)
    {
        var errors = new List<string>();
        DataSources.Validate(new DataOptions { Source = source, Root = root, ImageSize = size, Channels = channels, Flip = flip, SkipBadImages = skip }, errors);
        Assert.True(errors.Count == count, string.Join("\n", errors));
    }
}
