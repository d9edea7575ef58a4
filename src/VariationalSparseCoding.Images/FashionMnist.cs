using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul &amp; Vollgraf, 2017): grey images of 28 x 28 pixels of ten kinds of clothing, 60,000 for training and 10,000 for testing, in four IDX files,
/// compressed by gzip or not. Any data set of ten classes in the same four files can be read.
/// </summary>
internal static class FashionMnist
{
    internal const int Side = 28;
    internal const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte", TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";
    internal const string Zipped = ".gz";
    private const string PackageFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>The names of the classes, in the order of their numbers.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>The shape of an image.</summary>
    public static ImageShape Shape { get; } = new(1, Side, Side);

    /// <summary>Where the files are downloaded to if no other folder is named.</summary>
    public static string DownloadFolder => Path.Combine(CacheFolder.Path, DataOptions.FashionMnist);

    /// <summary>Finds the folder of the four files: the one that is named, or else <see cref="DownloadFolder"/> or the folder of Debian's package dataset-fashion-mnist.</summary>
    /// <param name="root">The folder, or an empty text.</param>
    /// <exception cref="InvalidInputException">Files are missing.</exception>
    public static string Find(string root)
    {
        if (root != "")
            return Missing(root) is { Length: > 0 } missing
                ? throw Refusal(root, $"{root}: of {DataOptions.FashionMnist} it lacks {string.Join(", ", missing)}; name the folder that holds the files, or download them into it")
                : root;
        return FindUsual()
            ?? throw Refusal("", $"{DataOptions.FashionMnist}: its files are neither in {string.Join(" nor in ", Candidates)}; download them, or name their folder as data.root");
    }

    /// <summary>The first of the usual folders that holds all four files.</summary>
    internal static string? FindUsual() => Candidates.FirstOrDefault(folder => Missing(folder).Length == 0);

    /// <summary>The file of a name in a folder, compressed or not; null where there is neither.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The uncompressed file's name.</param>
    internal static string? FileOf(string folder, string name) =>
        new[] { Path.Combine(folder, name + Zipped), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);

    private static InvalidInputException Refusal(string root, string message) => new(PrintableText.Of(message)) { Remedy = Remedy.DownloadFashionMnist, Subject = root };

    private static string[] Candidates => [DownloadFolder, PackageFolder];

    private static string[] Missing(string folder) => [.. new[] { TrainImages, TrainLabels, TestImages, TestLabels }.Where(name => FileOf(folder, name) is null).Select(name => name + Zipped)];
}
