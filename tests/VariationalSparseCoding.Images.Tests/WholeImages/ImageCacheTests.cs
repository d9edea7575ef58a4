using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests.WholeImages;

public class ImageCacheTests
{
    /// <summary>1,000 random bits of the pixels, and every bit behind them: checksums, and what says which images the file holds and of which source.</summary>
    [Trait("Category", "Slow")]
    [Fact]
    public void A_flipped_bit_of_the_cache_is_found_when_its_image_is_read_or_the_cache_is_made_again()
    {
        using var cache = new CacheHome();
        using var images = new ScratchFolder();
        const int count = 6, side = 8, pixels = count * side * side;
        for (uint i = 0; i < count; i++) images.Write($"{i}.png", TestImages.EncodeGray(TestImages.Noise(20, 20, i)));
        var options = new DataOptions { Source = images.Path, ImageSize = side, Channels = 1, TrainSamples = count - 1, ValidationSamples = 1 };
        float[] expected = ReadAll();
        string file = Assert.Single(cache.Files);
        byte[] whole = File.ReadAllBytes(file);
        var random = new System.Random(1);
        int refused = 0, remade = 0;
        foreach (long bit in Enumerable.Range(0, Flips.Places).Select(_ => random.NextInt64(8 * pixels)).Concat(Enumerable.Range(8 * pixels, 8 * (whole.Length - pixels)).Select(bit => (long)bit)))
        {
            Flips.Flip(file, bit);
            try
            {
                Assert.Equal(expected, ReadAll());
                // What does not belong to these images is made again.
                Assert.True(bit >= 8 * pixels && File.ReadAllBytes(file).AsSpan().SequenceEqual(whole), $"bit {bit} was not found");
                remade++;
            }
            catch (InvalidInputException refusal)
            {
                Assert.StartsWith(file + ": image ", refusal.Message, StringComparison.Ordinal);
                Assert.EndsWith("of this cache is damaged; remove the file, and it is made again", refusal.Message, StringComparison.Ordinal);
                Flips.Flip(file, bit);
                refused++;
            }
        }
        Assert.Equal(8 * (whole.Length - pixels - count * sizeof(uint)), remade);
        Assert.Equal(Flips.Places + 8 * count * sizeof(uint), refused);
        File.Delete(file);
        ReadAll();
        Assert.Equal(whole, File.ReadAllBytes(file));

        float[] ReadAll()
        {
            using var split = DataSets.Open(options, 0);
            float[] values = [];
            foreach (var set in new[] { split.Train, split.Validation })
            {
                float[] rows = new float[set.Count * set.Dimension];
                set.CopyRows([.. Enumerable.Range(0, set.Count)], rows);
                values = [.. values, .. rows];
            }
            return values;
        }
    }
}
