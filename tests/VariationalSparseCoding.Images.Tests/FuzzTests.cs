using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Tests;

/// <summary>
/// Damaged files of every kind that is read, for as many seconds as the environment variable VSC_FUZZ_SECONDS says (3600 for a night's worth): each is read or refused with
/// <see cref="InvalidInputException"/>, soon, and without more memory than its size justifies. VSC_FUZZ_SEED chooses other damages.
/// </summary>
[Trait("Category", "Slow")]
public sealed class FuzzTests : IDisposable
{
    private const double DefaultSeconds = 4;
    private const long AllowedBytes = 4 << 20;

    // Deflate may expand a thousandfold, and text becomes objects many times its size; of a picture only the number of pixels is bounded.
    private const long Plain = 10, Deflated = 1100, Unbounded = int.MaxValue;
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private readonly record struct Reader(string Ending, byte[] Valid, long Expansion, Action<string> Read);

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        using var cache = new CacheHome();
        Reader[] readers = [.. Readers()];
        double seconds = Number("VSC_FUZZ_SECONDS") ?? DefaultSeconds;
        var random = new CounterRandom(new NoiseKey((ulong)(Number("VSC_FUZZ_SEED") ?? 1), NoisePurpose.Data, 0));
        // What is compiled or loaded at the first call belongs to no file.
        foreach (var reader in readers) reader.Read(scratch.Write("valid" + reader.Ending, reader.Valid));
        long began = Stopwatch.GetTimestamp(), inputs = 0;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            var reader = readers[inputs++ % readers.Length];
            byte[] bytes = Hostile.Damage(reader.Valid, random);
            string path = scratch.Write("damaged" + reader.Ending, bytes);
            long start = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                reader.Read(path);
            }
            catch (InvalidInputException)
            {
                // As documented.
            }
            catch (Exception problem)
            {
                Assert.Fail($"input {inputs} ({reader.Ending}, kept as {Keep(reader, bytes)}): {problem}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var time = Stopwatch.GetElapsedTime(start);
            Assert.True(time < LongestRead, $"input {inputs} ({reader.Ending}) took {time}; kept as {Keep(reader, bytes)}");
            Assert.True(allocated <= AllowedBytes + reader.Expansion * bytes.Length, $"input {inputs} ({reader.Ending}) of {bytes.Length} bytes took {allocated} bytes of memory; kept as {Keep(reader, bytes)}");
        }
        TestContext.Current.SendDiagnosticMessage("{0} damaged files in {1} s", inputs, seconds);
        Assert.True(inputs >= readers.Length, "not every kind was tried");
    }

    private IEnumerable<Reader> Readers()
    {
        const int columns = 4;
        float[] values = [.. Enumerable.Range(0, 30 * columns).Select(i => (float)Math.Sin(i * i))];
        Npy.Write<float>(scratch.File("a"), values, columns);
        yield return new(".npy", File.ReadAllBytes(scratch.File("a")), Plain, path =>
        {
            using var matrix = NpyMatrix.Open(path);
            matrix.CopyRows(0, 1, new float[matrix.Columns]);
        });
        var rows = new CsrBuilder(columns);
        rows.Append(values);
        Npz.Write(scratch.File("a"), rows.Build());
        yield return new(".npz", File.ReadAllBytes(scratch.File("a")), Deflated, path => Npz.Read(path));
        var writer = new MatWriter();
        byte[] array = writer.Doubles("IMAGES", [8, 8, 2], [.. Enumerable.Range(0, 128).Select(i => Math.Sin(i))]);
        yield return new(".mat", writer.File(array), Plain, path => MatFile.Read(path));
        yield return new(".mat", writer.File(writer.Compress(array)), Deflated, path => MatFile.Read(path));

        string experiment = ExperimentJson.ToJson(new Experiment()).ToJsonString();
        yield return new(".json", System.Text.Encoding.UTF8.GetBytes(experiment), Deflated, path => ExperimentJson.Resolve(path, ExperimentJson.ReadObject(path)));

        using (var coder = new SparseCoder(new SparseCoderOptions { Atoms = 3, Epochs = 1, Draws = 2, Threads = 1 }))
        {
            coder.Fit(values, columns);
            coder.Save(scratch.File("a"));
        }
        byte[] model = File.ReadAllBytes(scratch.File("a"));
        yield return new(".safetensors", model, Plain, path => Safetensors.Read(path));
        // Under another key it is nobody's checksum, so that damages come through to the model.
        byte[] open = [.. model];
        "checksux"u8.CopyTo(open.AsSpan(open.AsSpan().IndexOf("checksum"u8)));
        yield return new(".safetensors", open, Deflated, path =>
        {
            using var coder = SparseCoder.Load(path);
        });

        byte[] picture = TestImages.EncodeGray(TestImages.Noise(12, 12, 1));
        yield return new(".png", picture, Unbounded, path =>
        {
            foreach (var image in ImageFiles.Read(path)) Assert.Equal(image.Height * image.Width, image.Pixels.Length);
        });
        _ = FaceFiles.Write(scratch, zipped: true);
        byte[] archive = File.ReadAllBytes(scratch.File("img_align_celeba.zip"));
        yield return new(".zip", archive, Deflated, path =>
        {
            var images = new ImageArchive(path);
            using var reader = images.OpenReader();
            foreach (var entry in images.Entries) reader.Read(entry, images.NameOf(entry));
        });
        yield return new(".csv", System.Text.Encoding.UTF8.GetBytes("epoch,step,train.loss,validation.loss\n1,10,0.5,0.25\n2,20,0.25,0.125\n"), Deflated, path => MetricsTable.Read(path));
    }

    // Outside the scratch folder, which ends with the test.
    private static string Keep(Reader reader, byte[] bytes)
    {
        string path = Path.Combine(Path.GetTempPath(), $"vsc-fuzz-{Guid.NewGuid():N}{reader.Ending}");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
