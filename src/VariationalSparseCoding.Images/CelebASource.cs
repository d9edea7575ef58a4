using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>The faces of <see cref="CelebA"/>, cropped and resized, with their attributes.</summary>
internal sealed class CelebASource : DataSource
{
    private const string Folder = "img_align_celeba", Archive = "img_align_celeba.zip";
    private const int TrainPart = 0, TestPart = 2, DefaultSide = 64;

    /// <inheritdoc/>
    public override string Name => DataOptions.CelebA;

    /// <inheritdoc/>
    public override string Summary => "faces, cropped and resized from CelebA's official files, which data.root names";

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override bool HasImageSize => true;

    /// <inheritdoc/>
    public override bool HasImageFiles => true;

    /// <inheritdoc/>
    public override ImageShape? ImageShape(DataOptions options) => Square(options, options.ImageSize == 0 ? DefaultSide : options.ImageSize);

    /// <inheritdoc/>
    public override string? Preset(bool ofWholeImages) => DataOptions.CelebA;

    /// <inheritdoc/>
    /// <remarks>Damaged images are counted: only decoding them shows that they are.</remarks>
    public override SampleCount Count(DataOptions options)
    {
        var files = Find(options.Root);
        return new(files.Images.Count(image => image.Part == TrainPart), files.Images.Count(image => image.Part == TestPart));
    }

    /// <inheritdoc/>
    public override void Prepare(DataOptions options, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) => Summarise(options, progress, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The first images of the training and of the test part.</remarks>
    public override DataSplit Open(DataOptions options, ulong seed)
    {
        var files = Find(options.Root);
        var shape = Plan(options).Shape;
        var (images, places) = Decoded(files, options);
        try
        {
            var train = Part(TrainPart, options.TrainSamples, "training");
            var test = Part(TestPart, options.ValidationSamples, "test");
            return new DataSplit(train.Set, test.Set, Preprocessing.OfImages(shape, areAlignedFaces: true)) { Labels = new(files.Tables.AttributeNames, train.Labels, test.Labels) };
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
            return (new ImageSet(images, shape, usable[..wanted]), labels);
        }
    }

    /// <summary>Checks the files, crops and resizes the images where that was not done before, and tells what there is.</summary>
    /// <param name="options">Valid options of this source.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="InvalidInputException">Files are missing, lists contradict each other, or images are damaged.</exception>
    public static CelebASummary Summarise(DataOptions options, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        var files = Find(options.Root);
        var (images, places) = Decoded(files, options, progress, cancellationToken);
        images.Dispose();
        return new(Places(files, places, TrainPart).Length, Places(files, places, TestPart).Length, places.Count(place => place < 0),
            files.Tables.AttributeNames.Count, ImageCache.PathOf(files.Source, Plan(options)));
    }

    private sealed record Files(CelebATables Tables, ImageCollection Source, IReadOnlyList<(ImageEntry Entry, int Part)> Images);

    private static ImagePlan Plan(DataOptions options) => new(Square(options, options.ImageSize == 0 ? DefaultSide : options.ImageSize), CelebA.Faces, OnlyAligned: true);

    private static (ImageBytes Images, int[] Places) Decoded(Files files, DataOptions options, IProgress<ImageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ImageCache.Open(files.Source, [.. files.Images.Select(image => image.Entry)], Plan(options), options.SkipBadImages, progress, cancellationToken);

    private static int[] Places(Files files, int[] places, int part) => [.. files.Images.Select((image, i) => image.Part == part ? places[i] : -1).Where(place => place >= 0)];

    private static Files Find(string root)
    {
        if (string.IsNullOrWhiteSpace(root)) throw InputFile.Malformed("data.root", "it is empty", $"name the folder that holds {Folder}, {CelebATables.PartitionFile} and {CelebATables.AttributeFile}");
        if (!Directory.Exists(root)) throw InputFile.Malformed(root, "there is no such folder", $"name the folder that holds {Folder}, {CelebATables.PartitionFile} and {CelebATables.AttributeFile}");
        var faults = new List<string>();
        var tables = CelebATables.Read(root, faults);
        string folder = Path.Combine(root, Folder), archive = Path.Combine(root, Archive);
        ImageCollection? source = Directory.Exists(folder) ? new ImageFolder(folder) : File.Exists(archive) ? new ImageArchive(archive) : null;
        if (source is null) faults.Add($"{root}: it holds neither the folder {Folder} nor {Archive}; put the aligned images there");
        if (faults.Count > 0) throw new InvalidInputException(string.Join("; ", faults));
        var present = source!.Entries.ToDictionary(entry => entry.Name);
        var images = tables!.Parts.Where(image => image.Part is TrainPart or TestPart && present.ContainsKey(image.Name)).Select(image => (present[image.Name], image.Part)).ToList();
        return images.Count > 0 ? new(tables, source, images)
            : throw InputFile.Malformed(source.Location, $"it holds no image of the training or test part of {CelebATables.PartitionFile}", "put the aligned images there (000001.jpg and so on)");
    }
}
