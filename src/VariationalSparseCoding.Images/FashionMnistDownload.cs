using System.IO.Compression;
using System.Security.Cryptography;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>Gets the files of Fashion-MNIST and checks that they are the official ones.</summary>
internal static class FashionMnistDownload
{
    /// <summary>Where the authors offer the files.</summary>
    public static Uri Source { get; } = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    private const long LargestDownload = 1L << 27;

    /// <summary>The files and the MD5 of their uncompressed content, which does not depend on how they were compressed.</summary>
    private static readonly (string Name, string Hash)[] Files =
    [
        (FashionMnist.TrainImages, "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
        (FashionMnist.TrainLabels, "9018921c3c673c538a1fc5bad174d6f9"),
        (FashionMnist.TestImages, "8181f5470baa50b63fa0f6fddb340f0a"),
        (FashionMnist.TestLabels, "15d484375f8d13e6eb1aabb0c3f46965"),
    ];

    /// <summary>Downloads those of the four files that are missing (31 MB in all) and checks the content of all.</summary>
    /// <param name="client">Fetches files.</param>
    /// <param name="root">The folder; an empty text takes the folder where <see cref="FashionMnist.Find"/> finds them, or else <see cref="FashionMnist.DownloadFolder"/>.</param>
    /// <param name="progress">Told how many bytes of all files have arrived.</param>
    /// <param name="cancellationToken">Stops the download; files that are complete stay.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidInputException">The server cannot be reached or refuses, or a file is not the official one.</exception>
    public static Task<string> GetAsync(HttpClient client, string root = "", IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        GetAsync(client, Source, root, Files, progress, cancellationToken);

    internal static async Task<string> GetAsync(
        HttpClient client, Uri source, string root, IReadOnlyList<(string Name, string Hash)> files, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        string folder = root != "" ? root : FashionMnist.FindUsual() ?? FashionMnist.DownloadFolder;
        var received = new Sum(progress);
        foreach (var (name, hash) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FashionMnist.FileOf(folder, name) is { } path)
            {
                string found = InputFile.Read(path, file => Hash(IdxFile.Unzipped(file)));
                if (found != hash) throw InputFile.Malformed(path, $"this is not the official file (MD5 {found} of its uncompressed content, not {hash})", "delete it and download it again");
                continue;
            }
            byte[] content = await FetchAsync(client, new Uri(source, name + FashionMnist.Zipped), folder, hash, received, cancellationToken).ConfigureAwait(false);
            AtomicFile.Write(Path.Combine(folder, name + FashionMnist.Zipped), stream => stream.Write(content));
            received.EndFile();
        }
        return folder;
    }

    private static async Task<byte[]> FetchAsync(HttpClient client, Uri address, string folder, string hash, IProgress<long> progress, CancellationToken cancellationToken)
    {
        string advice = $"put the file into {folder} yourself";
        byte[] content = await Download.FetchAsync(client, address, LargestDownload, advice, progress, cancellationToken).ConfigureAwait(false);
        try
        {
            using var unzipped = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            string found = Hash(unzipped);
            if (found == hash) return content;
            throw InputFile.Malformed(address.ToString(), $"the {content.Length} bytes received are not the official file (MD5 {found} of their uncompressed content, not {hash})", advice);
        }
        catch (InvalidDataException failure)
        {
            throw InputFile.Malformed(address.ToString(), $"the {content.Length} bytes received are not the official file ({failure.Message})", advice, failure);
        }
    }

    private static string Hash(Stream content) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, content));

    /// <summary>Adds the bytes of one file after another.</summary>
    private sealed class Sum(IProgress<long>? progress) : IProgress<long>
    {
        private long before, present;

        public void Report(long value) => progress?.Report(before + (present = value));

        public void EndFile() => (before, present) = (before + present, 0);
    }
}
