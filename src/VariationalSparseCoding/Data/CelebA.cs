using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>
/// The aligned faces of CelebA (Liu et al., "Deep Learning Face Attributes in the Wild", 2015) in their official layout: a folder with the images, in the folder
/// img_align_celeba or in img_align_celeba.zip, and the lists list_eval_partition.txt and list_attr_celeba.txt. Images of the lists that are not there are passed over,
/// so that a part of the set can be used. Training takes the official training part, validation the official test part, as the published experiments do.
/// </summary>
public static class CelebA
{
    internal const string ImageFolder = "img_align_celeba", ImageArchive = "img_align_celeba.zip";
    private const int Height = 218, Width = 178, CropSide = 140, TrainPart = 0, TestPart = 2;

    /// <summary>The square around a face.</summary>
    internal static AlignedCrop Faces { get; } = new(Height, Width, new ImageCrop((Height - CropSide) / 2, (Width - CropSide) / 2, CropSide));

    /// <summary>Checks the files, and crops and resizes all images of the training and test parts into a file of the cache folder, if that is not done yet; see <see cref="DataSets.Prepare"/>.</summary>
    /// <param name="options">Options with the source "celeba".</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="InvalidInputException">An option is out of range, files are missing, lists contradict each other, or images are damaged.</exception>
    public static CelebASummary Prepare(DataOptions options, IProgress<ImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        DataSets.Require(options);
        if (options.Source != DataOptions.CelebA) throw new InvalidInputException($"data.source is {options.Source}; only {DataOptions.CelebA} is prepared so");
        var files = Find(options.Root);
        var (images, places) = ImageCache.Open(files.Source, [.. files.Images.Select(image => image.Entry)], Plan(options), options.SkipBadImages, progress, cancellation);
        images.Dispose();
        int Count(int part) => Places(files, places, part).Length;
        return new(Count(TrainPart), Count(TestPart), places.Count(place => place < 0), files.Tables.AttributeNames.Count, ImageCache.PathOf(files.Source, Plan(options)));
    }

    /// <summary>The first images of the training and of the test part, with their attributes.</summary>
    internal static DataSplit Read(DataOptions options)
    {
        var files = Find(options.Root);
        var (images, places) = ImageCache.Open(files.Source, [.. files.Images.Select(image => image.Entry)], Plan(options), options.SkipBadImages);
        try
        {
            var train = Part(TrainPart, options.TrainSamples, "training");
            var test = Part(TestPart, options.ValidationSamples, "test");
            return new DataSplit(train.Set, test.Set, Preprocessing.OfImages(Plan(options).Shape, areAlignedFaces: true)) { Labels = new(files.Tables.AttributeNames, train.Labels, test.Labels) };
        }
        catch
        {
            images.Dispose();
            throw;
        }

        (ImageSet Set, byte[] Labels) Part(int part, int wanted, string name)
        {
            int[] usable = Places(files, places, part);
            if (wanted > usable.Length) throw InputFile.Malformed(options.Root, $"{wanted} images of the {name} part are wanted but it has only {usable.Length}", "ask for fewer samples, or add images");
            byte[] labels = [.. files.Images.Where((image, i) => image.Part == part && places[i] >= 0).Take(wanted).SelectMany(image => files.Tables.Attributes[image.Entry.Name])];
            return (new ImageSet(images, Plan(options).Shape, usable[..wanted]), labels);
        }
    }

    /// <summary>How many images of the training and test parts are there, damaged ones among them.</summary>
    internal static (int Train, int Test) Available(string root)
    {
        var files = Find(root);
        return (files.Images.Count(image => image.Part == TrainPart), files.Images.Count(image => image.Part == TestPart));
    }

    private sealed record Files(CelebATables Tables, ImageSource Source, IReadOnlyList<(ImageEntry Entry, int Part)> Images);

    private static ImagePlan Plan(DataOptions options) => new(options.ImageShape!.Value, Faces, OnlyAligned: true);

    private static int[] Places(Files files, int[] places, int part) => [.. files.Images.Select((image, i) => image.Part == part ? places[i] : -1).Where(place => place >= 0)];

    private static Files Find(string root)
    {
        if (string.IsNullOrWhiteSpace(root)) throw InputFile.Malformed("data.root", "it is empty", $"name the folder that holds {ImageFolder}, {CelebATables.PartitionFile} and {CelebATables.AttributeFile} (--data-root)");
        if (!Directory.Exists(root)) throw InputFile.Malformed(root, "there is no such folder", $"name the folder that holds {ImageFolder}, {CelebATables.PartitionFile} and {CelebATables.AttributeFile}");
        var faults = new List<string>();
        var tables = CelebATables.Read(root, faults);
        string folder = Path.Combine(root, ImageFolder), archive = Path.Combine(root, ImageArchive);
        var source = Directory.Exists(folder) ? ImageSource.OfFolder(folder) : File.Exists(archive) ? ImageSource.OfArchive(archive) : null;
        if (source is null) faults.Add($"{root}: it holds neither the folder {ImageFolder} nor {ImageArchive}; put the aligned images there");
        if (faults.Count > 0) throw new InvalidInputException(string.Join("; ", faults));
        var present = source!.Entries.ToDictionary(entry => entry.Name);
        var images = tables!.Parts.Where(image => image.Part is TrainPart or TestPart && present.ContainsKey(image.Name)).Select(image => (present[image.Name], image.Part)).ToList();
        return images.Count > 0 ? new(tables, source, images)
            : throw InputFile.Malformed(source.Location, $"it holds no image of the training or test part of {CelebATables.PartitionFile}", "put the aligned images there (000001.jpg and so on)");
    }
}

/// <summary>What there is of CelebA.</summary>
/// <param name="Train">Usable images of the training part.</param>
/// <param name="Test">Usable images of the test part.</param>
/// <param name="Skipped">Damaged images of both that are left out.</param>
/// <param name="Attributes">Attributes of an image.</param>
/// <param name="CacheFile">The file of the cropped and resized images.</param>
public sealed record CelebASummary(int Train, int Test, int Skipped, int Attributes, string CacheFile);
