using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>Data for runs that end in a blink.</summary>
internal static class TinyData
{
    public const int Rows = 120, Columns = 6;

    /// <summary>A matrix of rows that mix few of twelve directions.</summary>
    public static string WriteMatrix(ScratchFolder folder, string name = "matrix.npy", int seed = 1, int rows = Rows, int columns = Columns)
    {
        var random = new System.Random(seed);
        float[] directions = [.. Enumerable.Range(0, 2 * columns * columns).Select(_ => random.NextSingle() - 0.5f)];
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++)
            for (int part = 0; part < 3; part++)
            {
                int direction = random.Next(2 * columns);
                float weight = 4 * random.NextSingle() - 2;
                for (int column = 0; column < columns; column++) values[row * columns + column] += 3 + weight * directions[direction * columns + column];
            }
        Npy.Write<float>(folder.File(name), values, columns);
        return folder.File(name);
    }

    /// <summary>The values of a matrix, row after row.</summary>
    public static float[] Read(string path)
    {
        using var matrix = NpyMatrix.Open(path);
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return values;
    }

    /// <summary>A PNG of noise, or of one grey where the seed is null.</summary>
    public static void WriteImage(string path, int height, int width, int? seed = 1)
    {
        var random = seed is { } given ? new System.Random(given) : null;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                byte grey = (byte)(random?.Next(256) ?? 128);
                bitmap.SetPixel(column, row, new SKColor(grey, grey, grey));
            }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
    }

    /// <summary>A PNG of waves, which is small for its number of pixels.</summary>
    public static void WriteWaves(string path, int height, int width)
    {
        const int period = 100;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int row = 0; row < height; row++)
        {
            var line = bitmap.GetPixelSpan().Slice(row * bitmap.RowBytes, width);
            for (int column = 0; column < width; column++) line[column] = (byte)(128 + row % period + column % 7);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
    }

    /// <summary>A PNG of one bit a pixel, all black, which compresses a thousandfold.</summary>
    public static void WriteEmptyPng(string path, int height, int width)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n\u001a\n"u8]);
        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(size, width);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), height);
        Chunk("IHDR", [.. size, 1, 0, 0, 0, 0]);
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
            for (int row = 0; row < height; row++) zlib.Write(new byte[1 + (width + 7) / 8]);
        Chunk("IDAT", deflated.ToArray());
        Chunk("IEND", []);
        File.WriteAllBytes(path, file.ToArray());

        void Chunk(string kind, byte[] content)
        {
            byte[] length = new byte[4], sum = new byte[4], body = [.. Encoding.ASCII.GetBytes(kind), .. content];
            BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
            BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32(body));
            file.Write([.. length, .. body, .. sum]);
        }
    }

    /// <summary>A JPEG whose note says that the camera was held upright, and a PNG of the same pixels turned by hand.</summary>
    public static void WriteTurnedPhotograph(string photograph, string turned, int height, int width)
    {
        using var stored = new SKBitmap(new SKImageInfo(height, width, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int row = 0; row < width; row++)
            for (int column = 0; column < height; column++)
            {
                byte grey = (byte)(128 + 100 * Math.Sin(row * 0.3 + column * column * 0.01));
                stored.SetPixel(column, row, new SKColor(grey, grey, grey));
            }
        using var jpeg = stored.Encode(SKEncodedImageFormat.Jpeg, 95);
        byte[] plain = jpeg.ToArray();
        // The right side of what is stored is the top of what was seen: orientation 6 is turned clockwise.
        byte[] note = [0xff, 0xe1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(photograph, [.. plain[..2], .. note, .. plain[2..]]);
        using var decoded = SKBitmap.Decode(plain);
        using var upright = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++) upright.SetPixel(column, row, decoded.GetPixel(row, width - 1 - column));
        using var png = upright.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(turned, png.ToArray());
    }

    private static uint Crc32(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? sum >> 1 ^ 0xedb88320 : sum >> 1;
        }
        return ~sum;
    }

    /// <summary>The words of a short training run; --set overrides them.</summary>
    public static string[] Train(string data, string run, params string[] more) =>
    [
        "train", data.EndsWith(".npy", StringComparison.Ordinal) ? "--data" : "--images", data, "--output", run, "--train-patches", "60", "--validation-patches", "20",
        "--atoms", "8", "--batch-size", "10", "--epochs", "3", Vsc.Draws, "2", "--threads", "1", "--set", "objective.lambda=0.2",
        "--set", "schedule.warmUp.start=0", "--set", "schedule.warmUp.increment=0.1", .. more,
    ];

    public static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
