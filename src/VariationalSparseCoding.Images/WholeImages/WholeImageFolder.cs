using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>Folders whose images are samples as a whole: of each the largest square in the middle, resized.</summary>
internal static class WholeImageFolder
{
    /// <summary>Draws distinct images, uniformly, for training and validation.</summary>
    /// <param name="options">The folder, numbers of samples, and whether damaged images are left out.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The folder is missing, has too few images, or images are damaged.</exception>
    public static DataSplit Draw(DataOptions options, ImageShape shape, ulong seed)
    {
        var (images, count, skipped) = Open(options.Source, new ImagePlan(shape), options.SkipBadImages);
        try
        {
            long wanted = (long)options.TrainSamples + options.ValidationSamples;
            if (wanted > count) throw InputFile.Malformed(options.Source, $"{wanted} samples are wanted but the folder has only {count} images", "ask for fewer samples");
            var (train, validation) = DistinctDraw.Draw(count, options.TrainSamples, options.ValidationSamples, seed);
            return new DataSplit(Set(train), Set(validation), Preprocessing.OfImages(shape)) { Notes = ImageFiles.SkippedNotes(options.Source, skipped) };
        }
        catch
        {
            images.Dispose();
            throw;
        }

        ImageSet Set(long[] drawn) => new(images, shape, Array.ConvertAll(drawn, image => (int)image));
    }

    /// <summary>Counts the images of a folder, damaged ones among them.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image.</exception>
    public static int Count(string folder) => Find(folder).Entries.Count;

    /// <summary>Counts the images of a folder that are not damaged, after making them samples where that was not done before.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image that can be used.</exception>
    public static int CountUsable(string folder, ImageShape shape)
    {
        var (images, count, _) = Open(folder, new ImagePlan(shape), skipBad: true);
        images.Dispose();
        return count;
    }

    /// <summary>Opens all images of a folder in the order of their names, or one image file.</summary>
    /// <param name="source">The folder or file.</param>
    /// <param name="plan">What is made of each image.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image, or images are damaged.</exception>
    public static ImageSet Open(string source, ImagePlan plan)
    {
        if (Directory.Exists(source))
        {
            var (images, count, _) = Open(source, plan, skipBad: false);
            return new ImageSet(images, plan.Shape, [.. Enumerable.Range(0, count)]);
        }
        byte[] sample = new byte[plan.Shape.Size];
        new ImageDecoder(plan).Decode(ImageFolder.ReadFile(source), source, sample);
        return new ImageSet(new MemoryImageBytes(sample, plan.Shape.Size), plan.Shape, [0]);
    }

    /// <summary>Crops and resizes the images of a folder where that was not done before.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="skipBad">Whether damaged images are left out; else they are an error.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image, or images are damaged.</exception>
    public static void Prepare(string folder, ImageShape shape, bool skipBad, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) =>
        Open(folder, new ImagePlan(shape), skipBad, progress, cancellationToken).Images.Dispose();

    private static (ImageBytes Images, int Count, string[] Skipped) Open(string folder, ImagePlan plan, bool skipBad, IProgress<ImageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var source = Find(folder);
        var (images, places) = ImageCache.Open(source, source.Entries, plan, skipBad, progress, cancellationToken);
        return (images, places.Count(place => place >= 0), [.. source.Entries.Where((_, i) => places[i] < 0).Select(entry => entry.Name)]);
    }

    private static ImageFolder Find(string folder)
    {
        if (!Directory.Exists(folder)) throw InputFile.Malformed(folder, "there is no such folder", "name a folder of images, or leave out data.imageSize");
        var source = new ImageFolder(folder);
        return source.Entries.Count > 0 ? source : throw ImageFiles.NoImages(folder);
    }
}
