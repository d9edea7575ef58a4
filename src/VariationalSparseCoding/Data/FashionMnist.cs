using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul &amp; Vollgraf, 2017): grey images of 28 x 28 pixels of ten kinds of clothing, 60,000 for training and 10,000 for testing, in four IDX files,
/// compressed by gzip or not. Files of the same names and form with other images are read just so.
/// </summary>
public static class FashionMnist
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
                ? throw InputFile.Malformed(root, $"of {DataOptions.FashionMnist} it lacks {string.Join(", ", missing)}", $"name the folder that holds the files, or get them with 'vsc data {DataOptions.FashionMnist} --root {root}'")
                : root;
        return FindUsual()
            ?? throw InputFile.Malformed(DataOptions.FashionMnist, $"its files are neither in {string.Join(" nor in ", Candidates)}", $"get them with 'vsc data {DataOptions.FashionMnist}', or name their folder as data.root");
    }

    /// <summary>The first of the usual folders that holds all four files.</summary>
    internal static string? FindUsual() => Candidates.FirstOrDefault(folder => Missing(folder).Length == 0);

    private static string[] Candidates => [DownloadFolder, PackageFolder];

    /// <summary>The file of a name in a folder, compressed or not; null where there is neither.</summary>
    internal static string? FileOf(string folder, string name) =>
        new[] { Path.Combine(folder, name + Zipped), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);

    /// <summary>The first images of the training and of the test files, with their classes.</summary>
    internal static DataSplit Read(DataOptions options)
    {
        string folder = Find(options.Root);
        var (trainImages, trainClasses) = ReadPart(folder, TrainImages, TrainLabels, options.TrainSamples, "training");
        var (testImages, testClasses) = ReadPart(folder, TestImages, TestLabels, options.ValidationSamples, "validation");
        return new DataSplit(trainImages, testImages, Preprocessing.OfImages(Shape))
        {
            Labels = new SampleLabels(ClassNames, SampleLabels.OneHot(trainClasses, ClassNames.Count), SampleLabels.OneHot(testClasses, ClassNames.Count)),
        };
    }

    /// <summary>How many images the training and the test files hold.</summary>
    internal static (int Train, int Test) Available(string root)
    {
        string folder = Find(root);
        return (IdxFile.Read(FileOf(folder, TrainLabels)!).Values.Length, IdxFile.Read(FileOf(folder, TestLabels)!).Values.Length);
    }

    private static string[] Missing(string folder) => [.. new[] { TrainImages, TrainLabels, TestImages, TestLabels }.Where(name => FileOf(folder, name) is null).Select(name => name + Zipped)];

    private static (ImageSet Images, byte[] Classes) ReadPart(string folder, string imageName, string labelName, int wanted, string use)
    {
        string imagePath = FileOf(folder, imageName)!, labelPath = FileOf(folder, labelName)!;
        IdxFile images = IdxFile.Read(imagePath), labels = IdxFile.Read(labelPath);
        if (images.Dimensions is not [var count, Side, Side])
            throw InputFile.Malformed(imagePath, $"it is of {images.Shape}", $"it must be of N x {Side} x {Side}: download it again");
        if (labels.Dimensions is not [var labelled] || labelled != count)
            throw InputFile.Malformed(labelPath, $"it is of {labels.Shape} where there are {count} images", "take images and labels from the same place");
        int odd = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(ClassNames.Count - 1));
        if (odd >= 0) throw InputFile.Malformed(labelPath, $"the class of image {odd} is {labels.Values[odd]}", $"classes are 0 to {ClassNames.Count - 1}: download it again");
        if (wanted > count) throw InputFile.Malformed(imagePath, $"{wanted} {use} samples are wanted but it has only {count} images", "ask for fewer samples");
        return (new ImageSet(new MemoryImageBytes(images.Values, Shape.Size), Shape, [.. Enumerable.Range(0, wanted)]), labels.Values[..wanted]);
    }
}
