using System.Text;
using SkiaSharp;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.WholeImages;

namespace VariationalSparseCoding.Images.Tests;

public class CelebATests
{
    /// <summary>What an image must become, by the plain functions.</summary>
    private static float[] Expected(int image, int size = 64)
    {
        byte[] sample = new byte[3 * size * size], colours = [];
        using var data = SKData.CreateCopy(FaceFiles.Jpeg(image));
        using var codec = SKCodec.Create(data);
        ImageFiles.DecodeColours(codec, SKCodecResult.Success, "face", data.Size, ref colours);
        new ImageResizer(size).Resize(colours, 178, new ImageCrop(39, 19, 140), sample);
        return [.. sample.Select(value => value / 255f)];
    }

    private static string Refusal(DataOptions options) => Assert.Throws<InvalidInputException>(() => DataSets.Open(options, 0)).Message;

    private static float[] Sample(ISampleSet set, int row)
    {
        float[] values = new float[set.Dimension];
        set.CopyRows([row], values);
        return values;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_and_test_parts_are_cropped_resized_and_kept(bool zipped)
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, zipped);
        for (int time = 0; time < 2; time++)
        {
            using var split = DataSets.Open(options, 0);
            Assert.Equal((3, 2, 3 * 64 * 64), (split.Train.Count, split.Validation.Count, split.Train.Dimension));
            Assert.Equal(new ImageShape(3, 64, 64), split.Preprocessing.ImageShape);
            for (int i = 0; i < 3; i++) Assert.Equal(Expected(3 * i), Sample(split.Train, i));
            for (int i = 0; i < 2; i++) Assert.Equal(Expected(3 * i + 2), Sample(split.Validation, i));
            Assert.Equal(["Bald", "Bangs", "Smiling"], split.Labels!.Names);
            Assert.Equal([1, 0, 0, 0, 0, 0, 1, 0, 1], split.Labels.Train.ToArray());
            Assert.Equal([1, 0, 0, 0, 0, 0], split.Labels.Validation.ToArray());
        }
        Assert.Single(cache.Files);
    }

    [Fact]
    public void New_faces_are_cropped_as_the_training_ones_and_other_images_in_their_middle()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        using var split = DataSets.Open(FaceFiles.Write(folder), 0);
        var preprocessing = Preprocessing.From(split.Preprocessing.ToJson(), new Dictionary<string, VariationalSparseCoding.Serialization.StoredTensor>(), "model");
        string face = folder.File("face.jpg"), wide = folder.File("wide.png");
        File.WriteAllBytes(face, FaceFiles.Jpeg(3));
        File.WriteAllBytes(wide, TestImages.EncodeGray(TestImages.Noise(90, 100)));
        using var encoded = DataSets.OpenForEncoding(face, preprocessing);
        Assert.Equal(Sample(split.Train, 1), Sample(encoded, 0));
        using var other = DataSets.OpenForEncoding(wide, preprocessing);
        using var elsewhere = DataSets.OpenForEncoding(wide, Preprocessing.OfImages(new(3, 64, 64)));
        Assert.Equal(Sample(elsewhere, 0), Sample(other, 0));
    }

    [Fact]
    public void Sizes_and_grey_are_made_to_order_each_with_a_cache_of_its_own()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder);
        using var small = DataSets.Open(options with { ImageSize = 32 }, 0);
        Assert.Equal(Expected(0, 32), Sample(small.Train, 0));
        using var grey = DataSets.Open(options with { Channels = 1 }, 0);
        Assert.Equal(64 * 64, grey.Train.Dimension);
        float[] colour = Expected(0), luma = Sample(grey.Train, 0);
        for (int i = 0; i < luma.Length; i++) Assert.Equal(0.299f * colour[i] + 0.587f * colour[4096 + i] + 0.114f * colour[8192 + i], luma[i], 1.5f / 255);
        Assert.Equal(2, cache.Files.Length);
    }

    [Fact]
    public void The_cache_is_made_again_when_it_or_a_source_changed()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder);
        void Check(int first)
        {
            using var split = DataSets.Open(options, 0);
            Assert.Equal(Expected(first), Sample(split.Train, 0));
        }
        Check(0);
        string file = Assert.Single(cache.Files);
        byte[] content = File.ReadAllBytes(file);
        // 0, 2, 3, 5, ...: training and test images only.
        Assert.Equal(8 * 3 * 64 * 64, content.Length / 12288 * 12288);

        File.WriteAllBytes(file, content[..^1]);
        Check(0);
        File.WriteAllBytes(file, content[12288..]);
        Check(0);
        File.WriteAllBytes(file, []);
        Check(0);
        Assert.Equal(content, File.ReadAllBytes(file));

        folder.Write("img_align_celeba/" + FaceFiles.Name(0), FaceFiles.Jpeg(99));
        Check(99);
    }

    [Fact]
    public void A_part_of_the_images_suffices()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, images: [3, 5, 6, 11]);
        using var split = DataSets.Open(options with { TrainSamples = 2, ValidationSamples = 2 }, 0);
        Assert.Equal(Expected(6), Sample(split.Train, 1));
        Assert.Equal(Expected(11), Sample(split.Validation, 1));
        Assert.Equal(4, DataSets.Count(options).Total);
        var fitted = DataSets.Count(options).Fit(options with { ValidationSamples = 9 }, validationIsGiven: false);
        Assert.Equal((2, 2), (fitted.TrainSamples, fitted.ValidationSamples));
        Assert.Contains("3 images of the training part are wanted but it has only 2", Refusal(options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_images_are_named_together_or_left_out_and_counted(bool refusedFirst)
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder);
        folder.Write("img_align_celeba/000003.jpg", FaceFiles.Jpeg(3)[..2000]);
        folder.Write("img_align_celeba/000005.jpg", []);
        folder.Write("img_align_celeba/000008.jpg", FaceFiles.Jpeg(8, 100, 100));
        void Refused()
        {
            string refusal = Refusal(options);
            Assert.All(["000003.jpg", "000005.jpg", "000008.jpg", "3 images", "data.skipBadImages"], part => Assert.Contains(part, refusal, StringComparison.Ordinal));
        }
        if (refusedFirst) Refused();
        var skipping = options with { SkipBadImages = true };
        var summary = CelebA.Prepare(skipping);
        Assert.Equal((3, 2, 3, 3), (summary.Train, summary.Test, summary.Skipped, summary.Attributes));
        Assert.Equal(summary.CacheFile, Assert.Single(cache.Files));
        using var split = DataSets.Open(skipping, 0);
        Assert.Equal(Expected(6), Sample(split.Train, 1));
        Assert.Equal([1, 0, 0, 1, 0, 1, 0, 0, 1], split.Labels!.Train.ToArray());
        Assert.Equal(Expected(11), Sample(split.Validation, 1));
        Refused();
    }

    [Fact]
    public void All_that_is_wrong_with_the_files_is_named_in_one_error()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = new DataOptions { Source = DataOptions.CelebA, Root = folder.Path };
        string nothing = Refusal(options);
        Assert.All(["list_eval_partition.txt: there is no such file", "list_attr_celeba.txt: there is no such file", "img_align_celeba.zip"], part => Assert.Contains(part, nothing, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', nothing);
        options = FaceFiles.Write(folder);
        File.Delete(folder.File("list_attr_celeba.txt"));
        folder.Write("list_eval_partition.txt", "000000.jpg 0\n000001.jpg 3\n"u8.ToArray());
        string both = Refusal(options);
        Assert.All(["line 2: '000001.jpg 3'", "list_attr_celeba.txt: there is no such file"], part => Assert.Contains(part, both, StringComparison.Ordinal));
        Assert.Empty(cache.Files);
    }

    [Theory]
    [InlineData("x\nBald\n", "line 1")]
    [InlineData("12\n\n", "line 2")]
    [InlineData("2\nBald Bangs\n000000.jpg 1 -1\n000001.jpg 1\n", "line 4: 1 values stand where there are 2 attributes")]
    [InlineData("1\nBald\n000000.jpg 0\n", "line 3: '0' is neither 1 nor -1")]
    [InlineData("2\nBald\n000000.jpg 1\n000000.jpg 1\n", "line 4: 000000.jpg stands there twice")]
    [InlineData("3\nBald\n000000.jpg 1\n000001.jpg 1\n", "announces 3 images and holds 2")]
    [InlineData("1\nBald\n000000.jpg 1\n", "000001.jpg of list_eval_partition.txt is not in it")]
    public void Wrong_attributes_are_refused(string list, string cause)
    {
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, images: [0]);
        folder.Write("list_attr_celeba.txt", Encoding.ASCII.GetBytes(list));
        Assert.Contains(cause, Refusal(options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_archive_is_refused()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, zipped: true);
        byte[] archive = File.ReadAllBytes(folder.File("img_align_celeba.zip"));
        folder.Write("img_align_celeba.zip", archive[..(archive.Length / 2)]);
        Assert.Contains("img_align_celeba.zip", Refusal(options), StringComparison.Ordinal);
        Array.Fill(archive, (byte)77, 3000, 3000);
        folder.Write("img_align_celeba.zip", archive);
        Assert.Contains("000000.jpg", Refusal(options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_of_damaged_images_alone_is_refused_even_where_they_may_be_left_out()
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, images: [0]) with { SkipBadImages = true };
        folder.Write("img_align_celeba/000000.jpg", FaceFiles.Jpeg(0)[..100]);
        Assert.Contains("000000.jpg", Refusal(options), StringComparison.Ordinal);
        Assert.Empty(cache.Files);
    }
}
