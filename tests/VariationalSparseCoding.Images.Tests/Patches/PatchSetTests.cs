using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;

namespace VariationalSparseCoding.Images.Tests.Patches;

public class PatchSetTests
{
    private static DataOptions Options(int patchSize, int train, int validation, Normalisation normalisation = Normalisation.Column) =>
        new() { Source = "images", PatchSize = patchSize, TrainSamples = train, ValidationSamples = validation, Normalisation = normalisation };

    private static float[] All(ISampleSet set)
    {
        float[] values = new float[set.Count * set.Dimension];
        set.CopyRows([.. Enumerable.Range(0, set.Count)], values);
        return values;
    }

    private static List<float[]> Patches(IEnumerable<GrayImage> images, int size) =>
    [
        .. from image in images
           from top in Enumerable.Range(0, image.Height - size + 1)
           from left in Enumerable.Range(0, image.Width - size + 1)
           select (float[])[.. from row in Enumerable.Range(top, size) from column in Enumerable.Range(left, size) select image.Pixels[row * image.Width + column]],
    ];

    private static (double Mean, double Deviation) Moments(IEnumerable<double> values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    [Theory]
    [InlineData(9, 14, 4, 0)]
    [InlineData(4, 4, 4, 0)]
    [InlineData(5, 4, 4, 0)]
    [InlineData(9, 14, 4, 1e6f)]
    [InlineData(30, 12, 1, 0)]
    public void Statistics_are_those_of_all_patches(int height, int width, int patchSize, float offset)
    {
        GrayImage[] images = [TestImages.Noise(height, width, 1, offset), TestImages.Noise(width, height, 2, offset), TestImages.Noise(7, 11, 3, offset)];
        var patches = Patches(images, patchSize);
        var (mean, deviation) = PatchStatistics.Compute(images, patchSize);
        for (int i = 0; i < mean.Length; i++)
        {
            var expected = Moments(patches.Select(patch => (double)patch[i]));
            Assert.Equal(expected.Mean, mean[i], 1e-9 * (1 + Math.Abs(expected.Mean)));
            Assert.Equal(expected.Deviation, deviation[i], 1e-9 * expected.Deviation);
        }
    }

    [Fact]
    public void A_pixel_that_hardly_varies_far_from_the_centre_keeps_its_digits()
    {
        GrayImage[] images = [.. Enumerable.Range(0, 50).Select(i => new GrayImage($"{i}", 1, 1, [1000 + i * 1e-3f])), new GrayImage("far", 1, 1, [1000f])];
        GrayImage[] wide = [.. images.Select(image => new GrayImage(image.Name, 2, 2, [image.Pixels[0], 1e6f, -3e6f, 5]))];
        var (mean, deviation) = PatchStatistics.Compute(wide, 2);
        var expected = Moments(images.Select(image => (double)image.Pixels[0]));
        Assert.Equal(expected.Mean, mean[0], 1e-9);
        Assert.Equal(expected.Deviation, deviation[0], 1e-9 * expected.Deviation);
        Assert.Equal([0.0, 0, 0], deviation[1..]);
    }

    [Fact]
    public void Drawing_all_patches_gives_each_once_standardised()
    {
        GrayImage[] images = [TestImages.Noise(6, 9, 1), TestImages.Noise(5, 5, 2)];
        var patches = Patches(images, 3);
        using var split = PatchSet.Draw(images, null, Options(3, patches.Count - 10, 10), seed: 5);
        Assert.Equal((patches.Count - 10, 10, 9), (split.Train.Count, split.Validation.Count, split.Train.Dimension));

        var drawn = All(split.Train).Concat(All(split.Validation)).Chunk(9).ToList();
        var (mean, deviation) = PatchStatistics.Compute(images, 3);
        string Key(IEnumerable<float> patch) => string.Join(' ', patch);
        Assert.Equal(patches.Select(patch => Key(patch.Select((value, i) => (float)((value - mean[i]) * (1 / deviation[i]))))).Order(), drawn.Select(Key).Order());
        for (int i = 0; i < 9; i++)
        {
            var moments = Moments(drawn.Select(patch => (double)patch[i]));
            Assert.Equal(0, moments.Mean, 1e-6);
            Assert.Equal(1, moments.Deviation, 1e-6);
        }
    }

    [Fact]
    public void Equal_seeds_draw_equal_patches_and_restoring_gives_the_pixels()
    {
        GrayImage[] images = [TestImages.Noise(20, 30)];
        using var first = PatchSet.Draw(images, null, Options(4, 50, 20), seed: 1);
        using var again = PatchSet.Draw(images, null, Options(4, 50, 20), seed: 1);
        using var other = PatchSet.Draw(images, null, Options(4, 50, 20), seed: 2);
        using var raw = PatchSet.Draw(images, null, Options(4, 50, 20, Normalisation.None), seed: 1);
        Assert.Equal(All(first.Train), All(again.Train));
        Assert.Equal(All(first.Validation), All(again.Validation));
        Assert.NotEqual(All(first.Train), All(other.Train));
        float[] restored = All(first.Train);
        first.Preprocessing.Restore(restored);
        Assert.All(restored.Zip(All(raw.Train)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Rows_come_in_the_order_asked_for()
    {
        using var split = PatchSet.Draw([TestImages.Noise(20, 30)], null, Options(4, 50, 20), seed: 1);
        float[] all = All(split.Train), some = new float[3 * 16];
        split.Train.CopyRows([7, 0, 7], some);
        Assert.Equal([.. all[(7 * 16)..(8 * 16)], .. all[..16], .. all[(7 * 16)..(8 * 16)]], some);
    }

    [Fact]
    public void Draws_are_distinct_and_uniform()
    {
        int[] hits = new int[20];
        for (ulong seed = 0; seed < 3000; seed++)
        {
            var (train, validation) = DistinctDraw.Draw(20, 4, 1, seed);
            Assert.Equal(5, train.Concat(validation).Distinct().Count());
            hits[validation[0]]++;
        }
        // 150 expected each; six standard deviations of a binomial are 72.
        Assert.All(hits, count => Assert.InRange(count, 78, 222));
    }

    [Fact]
    public void A_population_beyond_int_is_drawn_from_throughout()
    {
        var (train, _) = DistinctDraw.Draw(1L << 40, 1000, 0, 3);
        Assert.InRange(train.Average(member => (double)member), 0.4 * (1L << 40), 0.6 * (1L << 40));
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        string Refusal(GrayImage image, DataOptions options) => Assert.Throws<InvalidInputException>(() => PatchSet.Draw([image], null, options, 0)).Message;
        Assert.Contains("noise0: the image of 3 x 9 pixels", Refusal(TestImages.Noise(3, 9), Options(4, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("only 4 exist", Refusal(TestImages.Noise(5, 5), Options(4, 4, 1)), StringComparison.Ordinal);
        Assert.Contains("every pixel is the same", Refusal(new("grey", 6, 6, [.. Enumerable.Repeat(100f, 36)]), Options(2, 4, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pixel_that_never_changes_costs_a_note()
    {
        var image = TestImages.Noise(6, 6);
        for (int i = 0; i < 36; i++) if (i / 6 <= 4 && i % 6 <= 4) image.Pixels[i] = 100;
        using var split = PatchSet.Draw([image], null, Options(2, 4, 1), 0);
        Assert.Contains("the same in all patches: 1 of 4;", Assert.Single(split.Notes), StringComparison.Ordinal);
        float[] patch = new float[4];
        split.Train.CopyRows([0], patch);
        Assert.Equal(0, patch[0]);
        split.Preprocessing.Restore(patch);
        Assert.Equal(100, patch[0]);
    }
}
