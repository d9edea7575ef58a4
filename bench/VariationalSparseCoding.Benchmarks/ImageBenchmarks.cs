using BenchmarkDotNet.Attributes;
using SkiaSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>An aligned face of 218 x 178 pixels, a JPEG of about 8 kB, to 64 x 64 on one thread, beside its decoding alone; and a batch of 512 such images from bytes, in memory and in a mapped file as the cache's, against a plain loop.</summary>
public class ImageBenchmarks
{
    private const int Height = 218, Width = 178, Size = 3 * 64 * 64, Batch = 512;
    private readonly byte[] file = Jpeg(), sample = new byte[Size], bytes = new byte[4 * Batch * Size];
    private readonly ImageDecoder decoder = new(new ImagePlan(new ImageShape(3, 64, 64), new AlignedCrop(Height, Width, new ImageCrop(39, 19, 140))));
    private readonly float[] batch = new float[Batch * Size];
    private readonly int[] rows = [.. Enumerable.Range(0, Batch).Select(i => i * 37 % (4 * Batch))];
    private ImageSet set = null!, mapped = null!;
    private string cache = "";
    private byte[] colours = [];

    [GlobalSetup]
    public void Create()
    {
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i * 31);
        set = new(new MemoryImageBytes(bytes, Size), new ImageShape(3, 64, 64), [.. Enumerable.Range(0, 4 * Batch)]);
        cache = Path.GetTempFileName();
        File.WriteAllBytes(cache, bytes);
        mapped = new(new MappedImageBytes(cache, Size, [.. Enumerable.Range(0, 4 * Batch).Select(i => Crc32C.Of(bytes.AsSpan(i * Size, Size)))]), new ImageShape(3, 64, 64), [.. Enumerable.Range(0, 4 * Batch)]);
    }

    [Benchmark(Baseline = true, Description = "decode"), BenchmarkCategory("JPEG to sample")]
    public void Decode()
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        ImageFiles.DecodeColours(codec, SKCodecResult.Success, "face", data.Size, ref colours);
    }

    [Benchmark(Description = "decode, crop, resize"), BenchmarkCategory("JPEG to sample")]
    public void Sample() => decoder.Decode(file, "face", sample);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("Batch of images")]
    public void Plain()
    {
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < Size; j++) batch[i * Size + j] = bytes[rows[i] * Size + j] / 255f;
    }

    [Benchmark(Description = "image set"), BenchmarkCategory("Batch of images")]
    public void Gather() => set.CopyRows(rows, batch);

    [Benchmark(Description = "image set of a mapped file"), BenchmarkCategory("Batch of images")]
    public void GatherMapped() => mapped.CopyRows(rows, batch);

    [GlobalCleanup]
    public void Free()
    {
        set.Dispose();
        mapped.Dispose();
        File.Delete(cache);
    }

    private static byte[] Jpeg()
    {
        float[] noise = Inputs.Normal(3, Height * Width);
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                byte Channel(int c) => (byte)(128 + 80 * Math.Sin(0.05 * x + 0.03 * y * (c + 1)) + 5 * noise[y * Width + x]);
                bitmap.SetPixel(x, y, new SKColor(Channel(0), Channel(1), Channel(2)));
            }
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return encoded.ToArray();
    }
}
