using SkiaSharp;
using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images.Tests.Files;

public class ImageFilesTests
{
    private static List<GrayImage> All(string source) => [.. ImageFiles.Read(source)];

    private static GrayImage One(string path) => Assert.Single(ImageFiles.Read(path));

    private static string Refusal(Action read) => Assert.Throws<InvalidInputException>(read).Message;

    [Fact]
    public void The_embedded_images_are_ten_of_512_by_512_in_order()
    {
        var images = NaturalImages.Read().ToList();
        Assert.Equal(10, images.Count);
        Assert.All(images, image => Assert.Equal((512, 512), (image.Height, image.Width)));
        Assert.Equal(images.Select(image => image.Name).Order(StringComparer.Ordinal), images.Select(image => image.Name));
        Assert.EndsWith("00-aitzgorri.png", images[0].Name, StringComparison.Ordinal);
        Assert.All(images, image => Assert.All(image.Pixels, pixel => Assert.True(pixel is >= 0 and <= 255 && pixel == MathF.Round(pixel))));
    }

    [Fact]
    public void Every_grey_value_of_a_png_comes_out_exactly()
    {
        using var folder = new ScratchFolder();
        var image = new GrayImage("all", 8, 32, [.. Enumerable.Range(0, 256).Select(value => (float)value)]);
        var read = One(folder.Write("all.png", TestImages.EncodeGray(image)));
        Assert.Equal((8, 32), (read.Height, read.Width));
        Assert.Equal(image.Pixels, read.Pixels);
    }

    [Fact]
    public void Colours_become_rec_601_luma_and_transparency_is_black()
    {
        using var folder = new ScratchFolder();
        byte[] colours = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 200, 90, 255, 255, 255, 255, 0, 200, 200, 200, 128];
        var read = One(folder.Write("colours.png", TestImages.Encode(SKColorType.Rgba8888, 1, 6, colours)));
        Assert.Equal([76f, 150, 29, 131, 0, 100], read.Pixels);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, ".jpg")]
    [InlineData(SKEncodedImageFormat.Jpeg, ".JPEG")]
    [InlineData(SKEncodedImageFormat.Webp, ".webp")]
    public void Jpeg_and_webp_are_read(SKEncodedImageFormat format, string ending)
    {
        using var folder = new ScratchFolder();
        var image = new GrayImage("ramp", 16, 16, [.. Enumerable.Range(0, 256).Select(value => (float)(value % 16 * 10))]);
        var read = One(folder.Write("ramp" + ending, TestImages.EncodeGray(image, format)));
        Assert.All(image.Pixels.Zip(read.Pixels), pair => Assert.InRange(pair.Second, pair.First - 4, pair.First + 4));
    }

    [Fact]
    public void A_folder_is_read_in_ordinal_order_without_other_files()
    {
        using var folder = new ScratchFolder();
        foreach (string name in (string[])["b.png", "B.png", "a10.png", "a9.png"]) folder.Write(name, TestImages.EncodeGray(TestImages.Noise(3, 4)));
        folder.Write("notes.txt", [1, 2, 3]);
        folder.Write("._b.png", [1, 2, 3]);
        Assert.Equal(["B.png", "a10.png", "a9.png", "b.png"], ImageFiles.Read(folder.Path).Select(image => Path.GetFileName(image.Name)));
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        using var folder = new ScratchFolder();
        Assert.Contains(".webp", Refusal(() => All(folder.Path)), StringComparison.Ordinal);
        Assert.Contains("no such file or folder", Refusal(() => All(folder.File("missing"))), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(() => One(folder.File("missing.png"))), StringComparison.Ordinal);
        Assert.Contains("text.png", Refusal(() => One(folder.Write("text.png", "no image"u8.ToArray()))), StringComparison.Ordinal);
        byte[] whole = TestImages.EncodeGray(TestImages.Noise(64, 64));
        Assert.Contains("cut.png", Refusal(() => One(folder.Write("cut.png", whole[..(whole.Length / 2)]))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_too_many_pixels_is_refused_before_decoding()
    {
        using var folder = new ScratchFolder();
        // A bare JPEG frame header of 40000 x 40000 pixels, enough to be recognised.
        byte[] jpeg = TestImages.EncodeGray(TestImages.Noise(8, 8), SKEncodedImageFormat.Jpeg);
        int frame = jpeg.AsSpan().IndexOf((byte[])[0xff, 0xc0]);
        (jpeg[frame + 5], jpeg[frame + 6], jpeg[frame + 7], jpeg[frame + 8]) = (0x9c, 0x40, 0x9c, 0x40);
        Assert.Contains("40000 x 40000", Refusal(() => One(folder.Write("huge.jpg", jpeg))), StringComparison.Ordinal);
    }

    /// <summary>A bitmap that says that its pixels begin 2 GB later; found by the fuzz test, and the end of the process when the decoder read a stream of ours.</summary>
    [Fact]
    public void A_bitmap_that_declares_a_part_of_2_GB_is_refused()
    {
        using var folder = new ScratchFolder();
        byte[] bitmap = Convert.FromHexString("424d3b0000008000000036000082280000000100000001000000018010000000000000000000000000000000000000000000000000000000003239323439");
        Refusal(() => One(folder.Write("a.png", bitmap)));
        Refusal(() => Assert.Empty(ImageFiles.ReadSizes(folder.File("a.png"))));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 0xff, 0xc0, 5)]
    [InlineData(SKEncodedImageFormat.Png, 0x44, 0x52, 4)]
    public void A_small_file_that_declares_many_pixels_is_refused_before_decoding(SKEncodedImageFormat format, int first, int second, int lengths)
    {
        using var folder = new ScratchFolder();
        byte[] image = TestImages.EncodeGray(TestImages.Noise(8, 8), format);
        int header = image.AsSpan().IndexOf((byte[])[(byte)first, (byte)second]);
        // 8000 x 8000 pixels: two numbers of two bytes, or of four.
        for (int i = 0; i < 2; i++) (image[header + lengths + (format == SKEncodedImageFormat.Png ? 4 * i : 2 * i)], image[header + lengths + 1 + (format == SKEncodedImageFormat.Png ? 4 * i : 2 * i)]) = (0x1f, 0x40);
        if (format == SKEncodedImageFormat.Png) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(29), PngChecksum(image.AsSpan(12, 17)));
        Refusal(() => One(folder.Write("claim.png", image)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"more than its {image.Length} bytes can hold", Refusal(() => One(folder.Write("claim.png", image))), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);

        static uint PngChecksum(ReadOnlySpan<byte> bytes)
        {
            uint register = uint.MaxValue;
            foreach (byte value in bytes)
            {
                register ^= value;
                for (int bit = 0; bit < 8; bit++) register = register >> 1 ^ (0xEDB88320 & (0 - (register & 1)));
            }
            return ~register;
        }
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Damaged_images_are_read_or_refused()
    {
        byte[] valid = TestImages.EncodeGray(TestImages.Noise(16, 16));
        Assert.InRange(Hostile.Read(valid, ".png", 600, path => One(path)), 100, 599);
    }
}
