using System.Net;
using System.Text;

namespace VariationalSparseCoding.Images.Tests;

public class OlshausenImagesTests
{
    private sealed class Server(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        public Uri? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Asked = request.RequestUri;
            return Task.FromResult(answer());
        }
    }

    private sealed class Received : IProgress<long>
    {
        public long Bytes { get; private set; }

        public void Report(long value) => Bytes = value;
    }

    private static async Task<string> Refusal(Func<HttpResponseMessage> answer)
    {
        using var folder = new ScratchFolder();
        using var client = new HttpClient(new Server(answer));
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => OlshausenImages.DownloadAsync(client, folder.File("IMAGES.mat")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Contains("data.source", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData("hello world\n", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad")]
    public void The_hash_is_that_of_git(string content, string hash) => Assert.Equal(hash, OlshausenImages.GitBlobHash(Encoding.ASCII.GetBytes(content)));

    [Fact]
    public async Task A_failed_download_says_what_to_do()
    {
        Assert.Contains("404", await Refusal(() => new HttpResponseMessage(HttpStatusCode.NotFound)), StringComparison.Ordinal);
        Assert.Contains("no route", await Refusal(() => throw new HttpRequestException("no route to host")), StringComparison.Ordinal);
        Assert.Contains("timed out", await Refusal(() => throw new TaskCanceledException("timed out")), StringComparison.Ordinal);
        Assert.Contains("hash 3b18e512", await Refusal(() => new HttpResponseMessage { Content = new StringContent("hello world\n") }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_is_asked_and_progress_told()
    {
        using var server = new Server(() => new HttpResponseMessage { Content = new ByteArrayContent(new byte[100_000]) });
        using var client = new HttpClient(server);
        var received = new Received();
        await Assert.ThrowsAsync<InvalidInputException>(() => OlshausenImages.DownloadAsync(client, "unused", received));
        Assert.Equal("http://www.rctn.org/bruno/sparsenet/IMAGES.mat", server.Asked?.ToString());
        Assert.Equal(100_000, received.Bytes);
    }

    [Fact]
    public async Task The_right_file_is_kept_whole()
    {
        using var folder = new ScratchFolder();
        using var client = new HttpClient(new Server(() => new HttpResponseMessage { Content = new StringContent("hello world\n") }));
        await OlshausenImages.DownloadAsync(client, folder.File("new/IMAGES.mat"), "3b18e512dba79e4c8300dd08aeb37f8e728b8dad", null, default);
        Assert.Equal("hello world\n", await File.ReadAllTextAsync(folder.File("new/IMAGES.mat")));
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept()
    {
        using var folder = new ScratchFolder();
        using var server = new Server(() => throw new HttpRequestException("nothing should be asked"));
        using var client = new HttpClient(server);
        string path = folder.Write("IMAGES.mat", "hello world\n"u8.ToArray());
        await OlshausenImages.DownloadAsync(client, path, "3b18e512dba79e4c8300dd08aeb37f8e728b8dad", null, default);
        string refusal = (await Assert.ThrowsAsync<InvalidInputException>(() => OlshausenImages.DownloadAsync(client, path))).Message;
        Assert.StartsWith($"{path}: is there already with other content", refusal, StringComparison.Ordinal);
        Assert.Equal("hello world\n", await File.ReadAllTextAsync(path));
        Assert.Null(server.Asked);
    }

    [Fact]
    public async Task A_wish_to_stop_is_no_failure()
    {
        using var client = new HttpClient(new Server(() => new HttpResponseMessage()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OlshausenImages.DownloadAsync(client, "unused", null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("IMAGES", true)]
    [InlineData("IMAGESr", false)]
    public void Images_are_read_row_by_row_from_columns(string name, bool areWhitened)
    {
        using var folder = new ScratchFolder();
        var writer = new MatWriter();
        string path = folder.Write("o.mat", writer.File(writer.Doubles("other", [1, 1], 1), writer.Doubles(name, [2, 3, 2], 1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12)));
        var (images, whitened) = OlshausenImages.Read(path);
        Assert.Equal(areWhitened, whitened);
        Assert.Equal(2, images.Count);
        Assert.Equal([1f, 2, 3, 4, 5, 6], images[0].Pixels);
        Assert.Equal([7f, 8, 9, 10, 11, 12], images[1].Pixels);
        Assert.Equal((2, 3), (images[0].Height, images[0].Width));
    }

    [Fact]
    public void Other_arrays_are_refused()
    {
        using var folder = new ScratchFolder();
        var writer = new MatWriter();
        string Refused(params byte[][] arrays) => Assert.Throws<InvalidInputException>(() => OlshausenImages.Read(folder.Write("o.mat", writer.File(arrays)))).Message;
        Assert.Contains("but patches", Refused(writer.Doubles("patches", [1, 1], 1)), StringComparison.Ordinal);
        Assert.Contains("2 x 1 x 1 x 1", Refused(writer.Doubles("IMAGES", [2, 1, 1, 1], 1, 2)), StringComparison.Ordinal);
        Assert.Contains("0 x 3", Refused(writer.Doubles("IMAGES", [0, 3])), StringComparison.Ordinal);
        Assert.Contains("element 1", Refused(writer.Doubles("IMAGES", [2, 1], 1, double.NaN)), StringComparison.Ordinal);
    }
}
