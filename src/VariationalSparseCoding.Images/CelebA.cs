using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.WholeImages;

namespace VariationalSparseCoding.Images;

/// <summary>
/// The aligned faces of CelebA (Liu et al., "Deep Learning Face Attributes in the Wild", 2015) in their official layout: a folder with the images, in the folder
/// img_align_celeba or in img_align_celeba.zip, and the lists list_eval_partition.txt and list_attr_celeba.txt. Images of the lists that are not there are passed over,
/// so that a part of the set can be used. Training takes the official training part, validation the official test part, as the published experiments do.
/// </summary>
internal static class CelebA
{
    private const int Height = 218, Width = 178, CropSide = 140;

    /// <summary>The square around a face.</summary>
    internal static AlignedCrop Faces { get; } = new(Height, Width, new ImageCrop((Height - CropSide) / 2, (Width - CropSide) / 2, CropSide));

    /// <summary>Checks the files, and crops and resizes all images of the training and test parts into a file of the cache folder, if that is not done yet; see <see cref="DataSets.Prepare"/>.</summary>
    /// <param name="options">Options with the source "celeba".</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="InvalidInputException">An option is out of range, files are missing, lists contradict each other, or images are damaged.</exception>
    public static CelebASummary Prepare(DataOptions options, IProgress<ImageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Source != DataOptions.CelebA) throw new InvalidInputException($"data.source is {options.Source}; give {DataOptions.CelebA}");
        var errors = new List<string>();
        DataSources.Validate(options, errors);
        return errors.Count == 0 ? CelebASource.Summarise(options, progress, cancellationToken) : throw new InvalidInputException(string.Join("; ", errors));
    }
}

/// <summary>What there is of CelebA.</summary>
/// <param name="Train">Usable images of the training part.</param>
/// <param name="Test">Usable images of the test part.</param>
/// <param name="Skipped">Damaged images of both that are left out.</param>
/// <param name="Attributes">Attributes of an image.</param>
/// <param name="CacheFile">The file of the cropped and resized images.</param>
internal sealed record CelebASummary(int Train, int Test, int Skipped, int Attributes, string CacheFile);
