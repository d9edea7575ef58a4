using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Images;

/// <summary>The door of this package: makes images known to the library as data of runs and models.</summary>
public static class ImageData
{
    /// <summary>
    /// Registers natural images, Fashion-MNIST, CelebA, MATLAB files of images, and folders and files of images. Call it once, before data is opened; further
    /// calls do nothing. Safe from several threads.
    /// </summary>
    public static void Register() =>
        DataSources.Register(new NaturalImagesSource(), new FashionMnistSource(), new CelebASource(), new MatlabImagesSource(), new ImageFolderSource());
}
