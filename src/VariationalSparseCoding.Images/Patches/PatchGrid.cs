using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images.Patches;

/// <summary>Numbers the square patches of a set of images: image by image, then by row, then by column.</summary>
internal sealed class PatchGrid
{
    private readonly IReadOnlyList<GrayImage> images;
    private readonly int stride;
    private readonly long[] ends;

    /// <summary>Lays a grid over images.</summary>
    /// <param name="images">Images of any sizes.</param>
    /// <param name="patchSize">Rows and columns of a patch.</param>
    /// <param name="stride">Pixels from one patch to the next, in both directions.</param>
    /// <exception cref="InvalidInputException">An image is smaller than a patch.</exception>
    public PatchGrid(IReadOnlyList<GrayImage> images, int patchSize, int stride)
    {
        (this.images, PatchSize, this.stride) = (images, patchSize, stride);
        ends = new long[images.Count];
        for (int i = 0; i < ends.Length; i++) ends[i] = Count += CountPatches(images[i].Size, patchSize, stride);
    }

    /// <summary>Rows and columns of a patch, p.</summary>
    public int PatchSize { get; }

    /// <summary>How many patches there are.</summary>
    public long Count { get; }

    /// <summary>Counts the patches of images of which only the sizes are known.</summary>
    /// <param name="sizes">Sizes of the images.</param>
    /// <param name="patchSize">Rows and columns of a patch.</param>
    /// <param name="stride">Pixels from one patch to the next, in both directions.</param>
    /// <exception cref="InvalidInputException">An image is smaller than a patch.</exception>
    public static long CountPatches(IEnumerable<ImageSize> sizes, int patchSize, int stride) => sizes.Sum(size => CountPatches(size, patchSize, stride));

    /// <summary>Copies a patch row by row.</summary>
    /// <param name="patch">Its number.</param>
    /// <param name="destination">Receives it, [p, p].</param>
    public void Copy(long patch, Span<float> destination)
    {
        int found = Array.BinarySearch(ends, patch + 1), index = found < 0 ? ~found : found;
        var image = images[index];
        long place = index == 0 ? patch : patch - ends[index - 1];
        int across = Places(image.Width, PatchSize, stride), top = (int)(place / across) * stride, left = (int)(place % across) * stride;
        for (int row = 0; row < PatchSize; row++)
            image.Pixels.AsSpan((top + row) * image.Width + left, PatchSize).CopyTo(destination[(row * PatchSize)..]);
    }

    private static long CountPatches(ImageSize size, int patchSize, int stride) => size.Height >= patchSize && size.Width >= patchSize
        ? (long)Places(size.Height, patchSize, stride) * Places(size.Width, patchSize, stride)
        : throw new InvalidInputException($"{size.Name}: the image of {size.Height} x {size.Width} pixels is smaller than a patch of {patchSize} x {patchSize}; remove it or use smaller patches");

    private static int Places(int length, int patchSize, int stride) => (length - patchSize) / stride + 1;
}
