namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Small sets in the form of Fashion-MNIST.</summary>
internal static class FashionFiles
{
    public const int Side = 28, Size = Side * Side;

    /// <summary>Pixel p of image n is (31 n + 7 p) mod 256, of test images one more.</summary>
    public static byte Pixel(int image, int pixel, bool isTest) => (byte)(31 * image + 7 * pixel + (isTest ? 1 : 0));

    public static byte[] Images(int count, bool isTest) => IdxWriter.File([count, Side, Side], [.. Enumerable.Range(0, count * Size).Select(i => Pixel(i / Size, i % Size, isTest))]);

    public static byte[] Labels(int count) => IdxWriter.File([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i * 3 % 10))]);

    /// <summary>Writes the four files: training files compressed, test files not.</summary>
    public static void Write(ScratchFolder folder, int train, int test)
    {
        folder.Write("train-images-idx3-ubyte.gz", IdxWriter.Zip(Images(train, isTest: false)));
        folder.Write("train-labels-idx1-ubyte.gz", IdxWriter.Zip(Labels(train)));
        folder.Write("t10k-images-idx3-ubyte", Images(test, isTest: true));
        folder.Write("t10k-labels-idx1-ubyte", Labels(test));
    }
}
