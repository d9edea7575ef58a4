using SkiaSharp;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.WholeImages;

namespace VariationalSparseCoding.Images.Tests.Files;

public class OrientationTests
{
    private const int Height = 32, Width = 48;

    /// <summary>A JPEG whose top left corner is bright as stored, with a camera's note of how to turn it.</summary>
    private static byte[] Photograph(byte orientation)
    {
        byte[] pixels = new byte[Height * Width];
        for (int row = 0; row < Height / 2; row++) pixels.AsSpan(row * Width, Width / 2).Fill(250);
        byte[] jpeg = TestImages.Encode(SKColorType.Gray8, Height, Width, pixels, SKEncodedImageFormat.Jpeg, SKAlphaType.Opaque);
        byte[] note = [0xff, 0xe1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. note, .. jpeg[2..]];
    }

    [Theory]
    [InlineData(1, false, false, false)]
    [InlineData(2, false, false, true)]
    [InlineData(3, false, true, true)]
    [InlineData(4, false, true, false)]
    [InlineData(5, true, false, false)]
    [InlineData(6, true, false, true)]
    [InlineData(7, true, true, true)]
    [InlineData(8, true, true, false)]
    public void Photographs_are_turned_as_the_camera_noted(byte orientation, bool swapped, bool isBelow, bool isRight)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("photograph.jpg", Photograph(orientation));
        var size = Assert.Single(ImageFiles.ReadSizes(path));
        var image = Assert.Single(ImageFiles.Read(path));
        var (height, width) = swapped ? (Width, Height) : (Height, Width);
        Assert.Equal((height, width), (size.Height, size.Width));
        Assert.Equal((height, width), (image.Height, image.Width));
        foreach (bool below in new[] { false, true })
            foreach (bool right in new[] { false, true })
            {
                float corner = image.Pixels[(below ? height - 3 : 2) * width + (right ? width - 3 : 2)];
                Assert.Equal(below == isBelow && right == isRight, corner > 128);
            }
    }

    [Fact]
    public void A_turned_photograph_takes_memory_for_its_own_pixels_after_a_large_image()
    {
        const int Large = 1024, ForHeaders = 64 << 10;
        var decoder = new ImageDecoder(new(new(1, 8, 8)));
        byte[] sample = new byte[8 * 8], photograph = Photograph(6);
        decoder.Decode(TestImages.Encode(SKColorType.Gray8, Large, Large, new byte[Large * Large], alpha: SKAlphaType.Opaque), "large", sample);
        decoder.Decode(photograph, "photograph", sample);
        long before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Decode(photograph, "photograph", sample);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * Height * Width + ForHeaders);
    }
}
