using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Folders whose images are samples as a whole: of each the largest square in the middle, resized.</summary>
internal static class ImageFolders
{
    /// <summary>Draws distinct images, uniformly, for training and validation.</summary>
    public static DataSplit Draw(DataOptions options, ulong seed)
    {
        var shape = options.ImageShape!.Value;
        var (images, count) = Open(options.Source, new ImagePlan(shape), options.SkipBadImages);
        try
        {
            long wanted = (long)options.TrainSamples + options.ValidationSamples;
            if (wanted > count) throw InputFile.Malformed(options.Source, $"{wanted} samples are wanted but the folder has only {count} images", "ask for fewer samples");
            var (train, validation) = DistinctDraw.Draw(count, options.TrainSamples, options.ValidationSamples, seed);
            return new DataSplit(Set(train), Set(validation), Preprocessing.OfImages(shape));
        }
        catch
        {
            images.Dispose();
            throw;
        }

        ImageSet Set(long[] drawn) => new(images, shape, Array.ConvertAll(drawn, image => (int)image));
    }

    /// <summary>How many images a folder has, damaged ones among them.</summary>
    public static int Available(string folder) => Find(folder).Entries.Count;

    /// <summary>All images of a folder in the order of their names, or one image file.</summary>
    public static ImageSet Open(string source, ImagePlan plan)
    {
        if (Directory.Exists(source))
        {
            var (images, count) = Open(source, plan, skipBad: false);
            return new ImageSet(images, plan.Shape, [.. Enumerable.Range(0, count)]);
        }
        byte[] sample = new byte[plan.Shape.Size];
        new ImageDecoder(plan).Decode(InputFile.Read(source, stream => ReadAll(stream)), source, sample);
        return new ImageSet(new MemoryImageBytes(sample, plan.Shape.Size), plan.Shape, [0]);
    }

    /// <summary>Crops and resizes the images of a folder where that was not done before.</summary>
    public static void Prepare(string folder, ImageShape shape, bool skipBad, IProgress<ImageProgress>? progress, CancellationToken cancellation) =>
        Open(folder, new ImagePlan(shape), skipBad, progress, cancellation).Images.Dispose();

    private static (ImageBytes Images, int Count) Open(string folder, ImagePlan plan, bool skipBad, IProgress<ImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var source = Find(folder);
        var (images, places) = ImageCache.Open(source, source.Entries, plan, skipBad, progress, cancellation);
        return (images, places.Count(place => place >= 0));
    }

    private static ImageSource Find(string folder)
    {
        if (!Directory.Exists(folder)) throw InputFile.Malformed(folder, "there is no such folder", "name a folder of images, or leave out data.imageSize");
        var source = ImageSource.OfFolder(folder);
        return source.Entries.Count > 0 ? source : throw InputFile.Malformed(folder, "the folder holds no image", $"put in files of the kinds that are read: {ImageFiles.Kinds}");
    }

    private static byte[] ReadAll(Stream stream)
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
