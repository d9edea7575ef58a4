using System.Diagnostics;
using System.IO.Compression;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests.Files;

/// <summary>Links, pipes and devices among images, and archives that declare more than they should.</summary>
public class LinkTests
{
    private static string Refusal(DataOptions options) => Assert.Throws<InvalidInputException>(() => DataSets.Open(options, 0)).Message;

    private static DataOptions Whole(string folder) => new() { Source = folder, ImageSize = 8, TrainSamples = 1, ValidationSamples = 1 };

    private static float[] First(DataOptions options)
    {
        using var split = DataSets.Open(options, 0);
        float[] values = new float[split.Train.Dimension];
        split.Train.CopyRows([0], values);
        return values;
    }

    [Fact]
    public void Links_are_as_new_as_their_targets()
    {
        using var cache = new CacheHome();
        using ScratchFolder links = new(), targets = new();
        foreach (string name in (string[])["a.png", "b.png"])
        {
            targets.Write(name, TestImages.EncodeGray(TestImages.Noise(20, 20, 1)));
            File.CreateSymbolicLink(links.File(name), targets.File(name));
        }
        var options = Whole(links.Path);
        float[] before = First(options);
        foreach (string name in (string[])["a.png", "b.png"]) targets.Write(name, TestImages.EncodeGray(TestImages.Noise(20, 20, 2)));
        Assert.NotEqual(before, First(options));

        File.Delete(targets.File("a.png"));
        Assert.Contains("a.png", Refusal(options), StringComparison.Ordinal);
        File.Delete(links.File("b.png"));
        File.CreateSymbolicLink(links.File("b.png"), links.File("b.png"));
        Assert.Contains("b.png", Refusal(options), StringComparison.Ordinal);
    }

    [Fact]
    public void Pipes_and_devices_are_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among files");
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        using (var make = Process.Start("mkfifo", [folder.File("x.png"), folder.File("x.npy"), folder.File("x.mat")])) make.WaitForExit();
        File.CreateSymbolicLink(folder.File("zero.png"), "/dev/zero");
        var patches = new DataOptions { TrainSamples = 1, ValidationSamples = 1 };
        foreach (string name in (string[])["x.png", "x.npy", "x.mat", "zero.png"])
        {
            Assert.Contains("not a regular file", Refusal(patches with { Source = folder.File(name) }), StringComparison.Ordinal);
            Assert.Contains("not a regular file", Assert.Throws<InvalidInputException>(() => DataSets.Count(patches with { Source = folder.File(name) })).Message, StringComparison.Ordinal);
        }
        string whole = Refusal(Whole(folder.Path));
        Assert.Contains("x.png", whole, StringComparison.Ordinal);
        Assert.Contains("zero.png", whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xfffffff0)]
    [InlineData(100_000_000)]
    public void An_archive_is_not_trusted_with_more_memory_than_an_image_takes(uint declared)
    {
        using var cache = new CacheHome();
        using var folder = new ScratchFolder();
        var options = FaceFiles.Write(folder, zipped: true);
        string path = folder.File("img_align_celeba.zip");
        byte[] archive = File.ReadAllBytes(path);
        // The length in the central directory's entry of the first image: 24 bytes behind its mark PK\1\2.
        int entry = 0;
        for (int found = 0; found < 2; entry++) found += archive.AsSpan(entry).StartsWith("PK\u0001\u0002"u8) ? 1 : 0;
        BitConverter.TryWriteBytes(archive.AsSpan(entry - 1 + 24), declared);
        folder.Write("img_align_celeba.zip", archive);
        using (var opened = ZipFile.OpenRead(path)) Assert.Contains(opened.Entries, image => image.Length == declared);
        long before = GC.GetTotalAllocatedBytes();
        string refusal = Refusal(options);
        Assert.Contains($"it declares {declared} bytes", refusal, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 80_000_000);
    }
}
