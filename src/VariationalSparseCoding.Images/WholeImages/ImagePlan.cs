using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>How an image file becomes a sample: a square of it is cropped and resized.</summary>
/// <param name="Shape">The shape of the sample, a square.</param>
/// <param name="Aligned">The square that is taken of aligned images; null takes the largest square in the middle of each.</param>
/// <param name="OnlyAligned">Whether images of another size than the aligned ones' are an error; else the largest square in their middle is taken.</param>
internal sealed record ImagePlan(ImageShape Shape, AlignedCrop? Aligned = null, bool OnlyAligned = false);

/// <summary>The square that is taken of images of one size.</summary>
/// <param name="Height">Rows of the images.</param>
/// <param name="Width">Columns of the images.</param>
/// <param name="Crop">The square.</param>
internal sealed record AlignedCrop(int Height, int Width, ImageCrop Crop);
