using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests.WholeImages;

public class ImageCacheTests
{
    [Fact]
    public void A_flipped_bit_of_the_cache_is_found_when_its_image_is_read()
    {
        using var cache = new CacheHome();
        using var images = new ScratchFolder();
        const int count = 6, side = 8;
        for (uint i = 0; i < count; i++) images.Write($"{i}.png", TestImages.EncodeGray(TestImages.Noise(20, 20, i)));
        var options = new DataOptions { Source = images.Path, ImageSize = side, Channels = 1, TrainSamples = count - 1, ValidationSamples = 1 };
        ReadAll();
        string file = Assert.Single(cache.Files);
        byte[] whole = File.ReadAllBytes(file);
        var random = new System.Random(1);
        for (int trial = 0; trial < 100; trial++)
        {
            byte[] flipped = [.. whole];
            flipped[random.Next(count * side * side)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, flipped);
            Assert.Contains("is damaged", Assert.Throws<InvalidInputException>(ReadAll).Message, StringComparison.Ordinal);
        }
        File.Delete(file);
        ReadAll();
        Assert.Equal(whole, File.ReadAllBytes(file));

        void ReadAll()
        {
            using var split = DataSets.Open(options, 0);
            foreach (var set in new[] { split.Train, split.Validation }) set.CopyRows([.. Enumerable.Range(0, set.Count)], new float[set.Count * set.Dimension]);
        }
    }
}
