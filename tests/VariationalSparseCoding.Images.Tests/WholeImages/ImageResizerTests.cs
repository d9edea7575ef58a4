using System.Text.Json;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.WholeImages;

namespace VariationalSparseCoding.Images.Tests.WholeImages;

public class ImageResizerTests
{
    private static readonly JsonElement Fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "resize.json"))).RootElement;

    /// <summary>The fixture's image, [height, width, 4].</summary>
    private static byte[] Image(int height, int width)
    {
        byte[] pixels = new byte[height * width * 4];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++) pixels[(y * width + x) * 4 + c] = (byte)(3 * x * x + 5 * y * y + 7 * (c + 1) * x * y + 50 * c + 31 * (x / 9) * (y / 7));
        return pixels;
    }

    [Fact]
    public void Every_byte_is_that_of_the_reference()
    {
        int checkedCases = 0;
        foreach (var fixture in Fixture.GetProperty("cases").EnumerateArray())
        {
            int Value(string name) => fixture.GetProperty(name).GetInt32();
            int size = Value("size"), width = Value("width");
            byte[] resized = new byte[3 * size * size];
            new ImageResizer(size).Resize(Image(Value("height"), width), width, new ImageCrop(Value("top"), Value("left"), Value("side")), resized);
            if (fixture.TryGetProperty("pixels", out var pixels)) Assert.Equal(pixels.Numbers(), resized.Select(value => (double)value));
            else Assert.Equal(fixture.GetProperty("rows").Numbers(), Enumerable.Range(0, 3 * 8 * size).Select(i => (double)resized[(i / (8 * size) * size + i / size % 8 * (size / 8)) * size + i % size]));
            Assert.Equal(Value("sum"), resized.Sum(value => value));
            Assert.Equal(Value("weighted"), resized.Select((value, place) => value * (place % 251)).Sum());
            checkedCases++;
        }
        Assert.Equal(7, checkedCases);
    }

    [Fact]
    public void A_jpeg_becomes_what_the_reference_makes_of_it_to_one_part_in_255()
    {
        var fixture = Fixture.GetProperty("jpeg");
        int size = fixture.GetProperty("size").GetInt32();
        byte[] sample = new byte[3 * size * size];
        new ImageDecoder(new ImagePlan(new ImageShape(3, size, size))).Decode(fixture.GetProperty("file").GetBytesFromBase64(), "face.jpg", sample);
        Assert.All(fixture.GetProperty("pixels").Numbers().Zip(sample), pair => Assert.Equal(pair.First, pair.Second, 1.0));
    }

    [Fact]
    public void One_resizer_serves_images_of_any_size_and_one_channel()
    {
        var resizer = new ImageResizer(8);
        byte[] alone = new byte[64], after = new byte[64], colour = new byte[3 * 64];
        new ImageResizer(8).Resize(Image(20, 30), 30, ImageCrop.Largest(20, 30), alone);
        resizer.Resize(Image(50, 40), 40, ImageCrop.Largest(50, 40), colour);
        resizer.Resize(Image(20, 30), 30, ImageCrop.Largest(20, 30), after);
        resizer.Resize(Image(20, 30), 30, ImageCrop.Largest(20, 30), colour);
        Assert.Equal(alone, after);
        Assert.Equal(alone, colour[..64]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Flat_images_stay_flat(int side)
    {
        byte[] white = new byte[30 * 30 * 4], resized = new byte[3 * side * side];
        Array.Fill(white, byte.MaxValue);
        new ImageResizer(side).Resize(white, 30, ImageCrop.Largest(30, 30), resized);
        Assert.All(resized, value => Assert.Equal(byte.MaxValue, value));
    }

    [Theory]
    [InlineData(218, 178, 20, 0, 178)]
    [InlineData(10, 15, 0, 2, 10)]
    [InlineData(4, 4, 0, 0, 4)]
    public void The_largest_square_is_in_the_middle(int height, int width, int top, int left, int side) =>
        Assert.Equal(new ImageCrop(top, left, side), ImageCrop.Largest(height, width));
}
