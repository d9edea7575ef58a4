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

    /// <summary>The words of a short training run; --set overrides them.</summary>
    public static string[] Train(string data, string run, params string[] more) =>
    [
        "train", data.EndsWith(".npy", StringComparison.Ordinal) ? "--data" : "--images", data, "--output", run, "--train-patches", "60", "--validation-patches", "20",
        "--atoms", "8", "--batch-size", "10", "--epochs", "3", "--draws", "2", "--threads", "1", "--set", "objective.lambda=0.2",
        "--set", "schedule.warmUp.start=0", "--set", "schedule.warmUp.increment=0.1", .. more,
    ];

    public static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
