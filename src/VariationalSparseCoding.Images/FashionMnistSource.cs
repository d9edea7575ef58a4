using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>The images of <see cref="FashionMnist"/>, with their classes.</summary>
internal sealed class FashionMnistSource : DataSource
{
    /// <inheritdoc/>
    public override string Name => DataOptions.FashionMnist;

    /// <inheritdoc/>
    public override string Summary => "70,000 grey images of clothing, 28 x 28";

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override bool HasImageSize => true;

    /// <inheritdoc/>
    public override ImageShape? ImageShape(DataOptions options) => FashionMnist.Shape;

    /// <inheritdoc/>
    public override string? Preset(bool ofWholeImages) => DataOptions.FashionMnist;

    /// <inheritdoc/>
    public override void Validate(DataOptions options, ICollection<string> errors)
    {
        if (options.ImageSize is not (0 or FashionMnist.Side)) errors.Add($"data.imageSize is {options.ImageSize}; the images of {Name} have {FashionMnist.Side} rows and columns: leave it out");
        if (options.Channels == 3) errors.Add($"data.channels is 3; the images of {Name} are grey: leave it out");
        base.Validate(options, errors);
    }

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options)
    {
        string folder = FashionMnist.Find(options.Root);
        return new(CountOf(FashionMnist.TrainImages), CountOf(FashionMnist.TestImages));

        int CountOf(string images) => IdxFile.ReadDimensions(FashionMnist.FileOf(folder, images)!)[0];
    }

    /// <inheritdoc/>
    /// <remarks>The first images of the training and of the test files.</remarks>
    public override DataSplit Open(DataOptions options, ulong seed)
    {
        string folder = FashionMnist.Find(options.Root);
        var (trainImages, trainClasses) = ReadPart(folder, FashionMnist.TrainImages, FashionMnist.TrainLabels, options.TrainSamples, "training");
        var (testImages, testClasses) = ReadPart(folder, FashionMnist.TestImages, FashionMnist.TestLabels, options.ValidationSamples, "validation");
        int classes = FashionMnist.ClassNames.Count;
        return new DataSplit(trainImages, testImages, Preprocessing.OfImages(FashionMnist.Shape))
        {
            Labels = new SampleLabels(FashionMnist.ClassNames, SampleLabels.OneHot(trainClasses, classes), SampleLabels.OneHot(testClasses, classes)),
        };
    }

    private static (ImageSet Images, byte[] Classes) ReadPart(string folder, string imageName, string labelName, int wanted, string use)
    {
        string imagePath = FashionMnist.FileOf(folder, imageName)!, labelPath = FashionMnist.FileOf(folder, labelName)!;
        IdxFile images = IdxFile.Read(imagePath), labels = IdxFile.Read(labelPath);
        if (images.Dimensions is not [var count, FashionMnist.Side, FashionMnist.Side])
            throw InputFile.Malformed(imagePath, $"it is of {images.Shape}", $"it must be of N x {FashionMnist.Side} x {FashionMnist.Side}: download it again");
        if (labels.Dimensions is not [var labelled] || labelled != count)
            throw InputFile.Malformed(labelPath, $"it is of {labels.Shape} where there are {count} images", "take images and labels from the same place");
        int odd = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(FashionMnist.ClassNames.Count - 1));
        if (odd >= 0) throw InputFile.Malformed(labelPath, $"the class of image {odd} is {labels.Values[odd]}", $"classes are 0 to {FashionMnist.ClassNames.Count - 1}: download it again");
        if (wanted > count) throw InputFile.Malformed(imagePath, $"{wanted} {use} samples are wanted but it has only {count} images", "ask for fewer samples");
        var shape = FashionMnist.Shape;
        return (new ImageSet(new MemoryImageBytes(images.Values, shape.Size), shape, [.. Enumerable.Range(0, wanted)]), labels.Values[..wanted]);
    }
}
