using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Tests;

public class DataSetsTests
{
    private static readonly DataOptions Small = new() { PatchSize = 4, TrainSamples = 30, ValidationSamples = 10 };

    private static float[] All(ISampleSet set)
    {
        float[] values = new float[set.Count * set.Dimension];
        set.CopyRows([.. Enumerable.Range(0, set.Count)], values);
        return values;
    }

    private static void WriteImages(ScratchFolder folder)
    {
        folder.Write("a.png", TestImages.EncodeGray(TestImages.Noise(20, 13, 1)));
        folder.Write("b.png", TestImages.EncodeGray(TestImages.Noise(9, 16, 2)));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void The_embedded_images_give_standardised_patches_of_whitened_pixels()
    {
        using var split = DataSets.Open(new DataOptions { TrainSamples = 5000, ValidationSamples = 1000 }, 0);
        Assert.Equal((5000, 1000, 256), (split.Train.Count, split.Validation.Count, split.Train.Dimension));
        float[] values = All(split.Train);
        // A sample of the population: the mean square of 5000 x 256 correlated values is within a few per cent of 1.
        Assert.Equal(0, values.Average(value => (double)value), 0.02);
        Assert.Equal(1, values.Average(value => (double)value * value), 0.1);
        Assert.All(split.Preprocessing.Deviation.ToArray(), deviation => Assert.Equal(Math.Sqrt(0.1), deviation, 0.02));
    }

    [Fact]
    public void A_folder_one_image_and_a_matlab_file_are_recognised()
    {
        using var folder = new ScratchFolder();
        WriteImages(folder);
        using var both = DataSets.Open(Small with { Source = folder.Path }, 1);
        using var one = DataSets.Open(Small with { Source = folder.File("a.png") }, 1);
        Assert.NotNull(both.Preprocessing.WhiteningScale);
        Assert.NotEqual(both.Preprocessing.WhiteningScale, one.Preprocessing.WhiteningScale);

        var writer = new MatWriter();
        double[] pixels = Array.ConvertAll(TestImages.Noise(10, 10).Pixels, pixel => (double)pixel);
        using var whitened = DataSets.Open(Small with { Source = folder.Write("w.mat", writer.File(writer.Doubles("IMAGES", [10, 10], pixels))) }, 1);
        using var raw = DataSets.Open(Small with { Source = folder.Write("r.mat", writer.File(writer.Doubles("IMAGESr", [10, 10], pixels))) }, 1);
        Assert.Null(whitened.Preprocessing.WhiteningScale);
        Assert.NotNull(raw.Preprocessing.WhiteningScale);
        Assert.Contains("came whitened", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding(folder.Path, whitened.Preprocessing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_images_become_patches_on_a_grid_with_the_saved_scale_and_statistics()
    {
        using var folder = new ScratchFolder();
        WriteImages(folder);
        using var split = DataSets.Open(Small with { Source = folder.Path }, 1);
        var preprocessing = split.Preprocessing;
        using var grid = DataSets.OpenForEncoding(folder.Path, preprocessing);
        // 20 x 13 holds 5 x 3 patches, 9 x 16 holds 2 x 4.
        Assert.Equal(5 * 3 + 2 * 4, grid.Count);

        System.Numerics.Complex[] memory = [];
        var images = ImageFiles.Read(folder.Path).Select(image => Whitening.Apply(image, preprocessing.WhiteningScale!.Value, ref memory)).ToList();
        float[] Expected(GrayImage image, int top, int left)
        {
            float[] patch = [.. Enumerable.Range(0, 16).Select(i => image.Pixels[(top + i / 4) * image.Width + left + i % 4])];
            preprocessing.Standardise(patch);
            return patch;
        }
        float[][] patches = [.. All(grid).Chunk(16)];
        Assert.Equal(Expected(images[0], 0, 4), patches[1]);
        Assert.Equal(Expected(images[0], 4, 0), patches[3]);
        Assert.Equal(Expected(images[0], 16, 8), patches[14]);
        Assert.Equal(Expected(images[1], 0, 0), patches[15]);
        Assert.Equal(Expected(images[1], 4, 12), patches[22]);

        using var dense = DataSets.OpenForEncoding(folder.File("b.png"), preprocessing, new(3));
        Assert.Equal(2 * 5, dense.Count);
        Assert.Equal(Expected(images[1], 3, 6), All(dense).Chunk(16).ElementAt(7));

        // Whitened patches from a matrix are the same samples.
        float[] whitened = All(grid);
        preprocessing.Restore(whitened);
        Npy.Write<float>(folder.File("patches.npy"), whitened, 16);
        using var matrix = DataSets.OpenForEncoding(folder.File("patches.npy"), preprocessing);
        Assert.All(All(grid).Zip(All(matrix)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains("stride 0", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding(folder.Path, preprocessing, new(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_that_do_not_exist_or_are_of_no_known_kind_are_refused()
    {
        using var folder = new ScratchFolder();
        string Refusal(string source) => Assert.Throws<InvalidInputException>(() => DataSets.Open(Small with { Source = source }, 0)).Message;
        Assert.Contains("no such file or folder", Refusal(folder.File("missing")), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(folder.File("missing.npy")), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(folder.File("missing.mat")), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(folder.File("missing.png")), StringComparison.Ordinal);
        Assert.Contains("no kind of data", Refusal(folder.Write("x.csv", [])), StringComparison.Ordinal);
    }
}
