using System.Net;
using System.Security.Cryptography;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests;

public sealed class FashionMnistDownloadTests : IDisposable
{
    private const int Port = 18_733;
    private static readonly byte[] Images = FashionFiles.Images(3, isTest: false), Labels = FashionFiles.Labels(3);
    private readonly (string, string)[] files =
    [
        ("train-images-idx3-ubyte", Hash(Images)), ("train-labels-idx1-ubyte", Hash(Labels)), ("t10k-images-idx3-ubyte", Hash(Images)), ("t10k-labels-idx1-ubyte", Hash(Labels)),
    ];
    private readonly HttpListener server = new();
    private readonly List<string> asked = [];
    private readonly CacheHome cache = new();

    public FashionMnistDownloadTests()
    {
        server.Prefixes.Add($"http://127.0.0.1:{Port}/");
        server.Start();
        _ = Serve();
    }

    public Func<string, byte[]?> Answer { get; set; } = path => IdxWriter.Zip(path.Contains("images", StringComparison.Ordinal) ? Images : Labels);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, content));

    private async Task Serve()
    {
        while (server.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await server.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            asked.Add(context.Request.Url!.AbsolutePath);
            byte[]? content = Answer(context.Request.Url.AbsolutePath);
            context.Response.StatusCode = content is null ? 404 : 200;
            if (content is not null) await context.Response.OutputStream.WriteAsync(content);
            context.Response.Close();
        }
    }

    private async Task<string> Get(string root, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using var client = new HttpClient();
        return await FashionMnistDownload.GetAsync(client, new Uri($"http://127.0.0.1:{Port}/"), root, files, progress, cancellation);
    }

    private async Task<string> Refusal(string root) => (await Assert.ThrowsAsync<InvalidInputException>(() => Get(root))).Message;

    private sealed class Received : IProgress<long>
    {
        public long Bytes { get; private set; }

        public void Report(long value) => Bytes = value;
    }

    [Fact]
    public async Task Missing_files_are_downloaded_and_then_read()
    {
        using var folder = new ScratchFolder();
        string root = folder.File("new");
        var received = new Received();
        Assert.Equal(root, await Get(root, received));
        Assert.Equal(["/train-images-idx3-ubyte.gz", "/train-labels-idx1-ubyte.gz", "/t10k-images-idx3-ubyte.gz", "/t10k-labels-idx1-ubyte.gz"], asked);
        Assert.Equal(Directory.GetFiles(root).Sum(file => new FileInfo(file).Length), received.Bytes);
        using var split = DataSets.Open(new DataOptions { Source = DataOptions.FashionMnist, Root = root, TrainSamples = 3, ValidationSamples = 3 }, 0);
        Assert.Equal(3, split.Train.Count);

        await Get(root);
        Assert.Equal(4, asked.Count);
        File.Delete(Path.Combine(root, "t10k-labels-idx1-ubyte.gz"));
        await Get(root);
        Assert.Equal(5, asked.Count);
    }

    [Fact]
    public async Task Files_that_are_not_the_official_ones_are_refused()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("train-images-idx3-ubyte", FashionFiles.Images(2, isTest: false));
        string refusal = await Refusal(folder.Path);
        Assert.Contains(path, refusal, StringComparison.Ordinal);
        Assert.Contains(Hash(Images), refusal, StringComparison.Ordinal);
        folder.Write("train-images-idx3-ubyte", Images);
        Answer = _ => IdxWriter.Zip(Images);
        Assert.Contains("train-labels-idx1-ubyte.gz: the", await Refusal(folder.Path), StringComparison.Ordinal);
        Answer = _ => "no zipped file, but a page"u8.ToArray();
        Assert.Contains("not the official file", await Refusal(folder.Path), StringComparison.Ordinal);
        Answer = path => null;
        Assert.Contains("404", await Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_wish_to_stop_is_no_failure()
    {
        using var folder = new ScratchFolder();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(folder.Path, null, new CancellationToken(canceled: true)));
    }

    public void Dispose()
    {
        server.Close();
        cache.Dispose();
    }
}
