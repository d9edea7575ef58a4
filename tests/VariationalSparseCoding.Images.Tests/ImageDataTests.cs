using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Patches;

namespace VariationalSparseCoding.Images.Tests;

public class ImageDataTests
{
    [Fact]
    public void Registering_again_changes_nothing()
    {
        string[] before = [.. DataSources.All.Select(source => source.Name)];
        Parallel.For(0, 8, _ => ImageData.Register());
        Assert.Equal(before, DataSources.All.Select(source => source.Name));
        Assert.Equal(before.Distinct(), before);
        Assert.All(DataSources.All, source => Assert.False(string.IsNullOrWhiteSpace(source.Summary)));
    }

    [Theory]
    [InlineData("natural-images", "natural-images", true)]
    [InlineData("fashion-mnist", "fashion-mnist", true)]
    [InlineData("celeba", "celeba", true)]
    [InlineData("/data/IMAGES.MAT", "IMAGES.mat", false)]
    [InlineData("/data/x.npy", "MATRIX.npy", false)]
    [InlineData("photograph.webp", "FOLDER", false)]
    [InlineData("celeba/faces", "FOLDER", false)]
    [InlineData("folder.v2", "FOLDER", false)]
    public void Every_text_stands_for_one_source(string text, string name, bool isName)
    {
        Assert.Equal(name, DataSources.Require(text).Name);
        Assert.Equal(isName, DataSources.IsName(text));
    }

    [Fact]
    public void A_data_set_is_not_encoded_by_its_name() =>
        Assert.Contains("by its name", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding("fashion-mnist", Preprocessing.OfImages(FashionMnist.Shape))).Message, StringComparison.Ordinal);

    [Fact]
    public void Images_are_not_vectors() =>
        Assert.Contains("takes vectors of 3 values", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding("natural-images", Preprocessing.OfVectors(3))).Message, StringComparison.Ordinal);

    [Fact]
    public void Patches_of_images_are_counted_from_their_headers()
    {
        using var folder = new ScratchFolder();
        byte[] image = TestImages.EncodeGray(TestImages.Noise(40, 30));
        folder.Write("a.png", image);
        // Enough of a file for its header, too little to be decoded.
        folder.Write("b.png", image[..(image.Length / 2)]);
        var options = new DataOptions { Source = folder.Path, PatchSize = 8 };
        Assert.Equal(new SampleCount(2 * 33 * 23) { Overlap = true }, DataSets.Count(options));
        Assert.Contains("b.png", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { TrainSamples = 5, ValidationSamples = 5 }, 0)).Message, StringComparison.Ordinal);
        Assert.Equal(new SampleCount(2), DataSets.Count(options with { ImageSize = 8 }));
        Assert.Contains("smaller than a patch", Assert.Throws<InvalidInputException>(() => DataSets.Count(options with { PatchSize = 31 })).Message, StringComparison.Ordinal);

        var writer = new MatWriter();
        byte[] matlab = writer.File(writer.Compress(writer.Doubles("IMAGES", [10, 12, 3], [.. Enumerable.Range(0, 360).Select(i => i + 0.5)])));
        Assert.Equal(new SampleCount(3 * 3 * 5) { Overlap = true }, DataSets.Count(options with { Source = folder.Write("x.mat", matlab) }));
        Assert.Equal(new SampleCount(10 * 505 * 505) { Overlap = true }, DataSets.Count(new DataOptions { PatchSize = 8 }));
    }

    [Fact]
    public void Images_of_both_parts_are_counted_from_their_headers()
    {
        using var folder = new ScratchFolder();
        FashionFiles.Write(folder, 7, 4);
        var options = new DataOptions { Source = DataOptions.FashionMnist, Root = folder.Path };
        Assert.Equal(new SampleCount(7, 4), DataSets.Count(options));
        byte[] images = FashionFiles.Images(9, isTest: true);
        folder.Write("t10k-images-idx3-ubyte", images[..^100]);
        Assert.Equal(new SampleCount(7, 9), DataSets.Count(options));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Photographs_are_decoded_one_after_another()
    {
        using var folder = new ScratchFolder();
        for (int i = 0; i < 4; i++) folder.Write($"{i}.png", TestImages.EncodeGray(TestImages.Noise(400, 500, (uint)i)));
        var source = new ImageFolderSource();
        var images = source.OpenForEncoding(folder.Path, Preprocessing.OfPatches(8, 0.01), new(400));
        Assert.Equal(4 * 2, images.Count);

        // Whitening asks for an image when the one before is done.
        int asked = 0, done = 0;
        var (whitened, _) = Whitening.Apply(Enumerable.Range(0, 4).Select(i =>
        {
            Assert.Equal(asked++, done++);
            return TestImages.Noise(20, 30, (uint)i);
        }));
        Assert.Equal((4, 4), (whitened.Count, asked));
    }
}
