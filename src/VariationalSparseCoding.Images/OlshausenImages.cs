using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>The images of Olshausen &amp; Field, "Emergence of simple-cell receptive field properties by learning a sparse code for natural images" (1996), in MATLAB files.</summary>
internal static class OlshausenImages
{
    /// <summary>Where the authors offer their whitened images.</summary>
    public static Uri Source { get; } = new("http://www.rctn.org/bruno/sparsenet/IMAGES.mat");

    private const string WhitenedName = "IMAGES", RawName = "IMAGESr";
    private const string ExpectedHash = "18a1e3ab1363edeb6132e237dd84f6ea0a5c9cb2";
    private const long LargestDownload = 1L << 28;
    private const string Advice = "download IMAGES.mat elsewhere and give its path as data.source";

    /// <summary>Reads the variable IMAGES (whitened) or else IMAGESr (raw), [height, width, N].</summary>
    /// <param name="path">The file.</param>
    /// <returns>The N images, and whether they are already whitened.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or holds neither, or the array has other dimensions or a value that is not finite.</exception>
    internal static (IReadOnlyList<GrayImage> Images, bool AreWhitened) Read(string path)
    {
        var array = Find(path, MatFile.Read(path));
        int odd = Array.FindIndex(array.Values, value => !float.IsFinite((float)value));
        if (odd >= 0) throw InputFile.Malformed(path, $"element {odd} of {array.Name} is {array.Values[odd].ToString(CultureInfo.InvariantCulture)}", "save finite values");
        return ([.. Enumerable.Range(0, Count(array)).Select(index => Image(path, array, index))], array.Name == WhitenedName);
    }

    /// <summary>Reads the sizes of the images that <see cref="Read"/> reads; their values are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or holds neither, or the array has other dimensions.</exception>
    internal static IEnumerable<ImageSize> ReadSizes(string path)
    {
        var array = Find(path, MatFile.ReadShapes(path));
        return Enumerable.Range(0, Count(array)).Select(index => new ImageSize(NameOf(path, array, index), array.Dimensions[0], array.Dimensions[1]));
    }

    /// <summary>Downloads the authors' whitened images (about 20 MB) unless they are there already, and checks that they are the very file of the published experiments.</summary>
    /// <param name="client">Fetches <see cref="Source"/>.</param>
    /// <param name="path">Where to put the file; see <see cref="AtomicFile"/>.</param>
    /// <param name="progress">Told how many bytes have arrived.</param>
    /// <param name="cancellationToken">Stops the download; no file is left.</param>
    /// <exception cref="InvalidInputException">The server cannot be reached, refuses, or sends another file; or another file is there already.</exception>
    public static Task DownloadAsync(HttpClient client, string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        DownloadAsync(client, path, ExpectedHash, progress, cancellationToken);

    internal static async Task DownloadAsync(HttpClient client, string path, string expectedHash, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            if (GitBlobHash(InputFile.ReadBytes(path)) == expectedHash) return;
            throw OutputFile.Another(path);
        }
        byte[] content = await Download.FetchAsync(client, Source, LargestDownload, Advice, progress, cancellationToken).ConfigureAwait(false);
        string hash = GitBlobHash(content);
        if (hash != expectedHash)
            throw InputFile.Malformed(Source.ToString(), $"the {content.Length} bytes received are not the images (hash {hash}, not {expectedHash})", Advice);
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>The name git gives to a file's content: SHA-1 of "blob", its length and itself, in lower-case hexadecimal digits.</summary>
    /// <param name="content">The file's content.</param>
    internal static string GitBlobHash(ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static MatArray Find(string path, IReadOnlyDictionary<string, MatArray> arrays)
    {
        if (!arrays.TryGetValue(WhitenedName, out var array) && !arrays.TryGetValue(RawName, out array))
            throw InputFile.Malformed(path, $"it has no numeric array {WhitenedName} or {RawName} but {(arrays.Count == 0 ? "none" : string.Join(", ", arrays.Keys))}",
                $"name the images {WhitenedName} if they are whitened, else {RawName}");
        return array.Dimensions.Count <= 3 && array.Dimensions.All(length => length > 0) ? array
            : throw InputFile.Malformed(path, $"{array.Name} is of {string.Join(" x ", array.Dimensions)}", "it must be of height x width x number of images");
    }

    private static int Count(MatArray array) => array.Dimensions.Count == 3 ? array.Dimensions[2] : 1;

    private static string NameOf(string path, MatArray array, int index) => $"{path} ({array.Name} {index})";

    // MATLAB's first index, the row, runs fastest.
    private static GrayImage Image(string path, MatArray array, int index)
    {
        var (height, width) = (array.Dimensions[0], array.Dimensions[1]);
        var pixels = new float[height * width];
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
                pixels[row * width + column] = (float)array.Values[(index * width + column) * height + row];
        return new GrayImage(NameOf(path, array, index), height, width, pixels);
    }
}
