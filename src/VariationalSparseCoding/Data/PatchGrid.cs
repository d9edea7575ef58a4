namespace VariationalSparseCoding.Data;

/// <summary>Numbers the square patches of a set of images: image by image, then by row, then by column.</summary>
internal sealed class PatchGrid
{
    private readonly IReadOnlyList<GrayImage> images;
    private readonly int stride;
    private readonly long[] ends;

    /// <param name="images">Images of any sizes.</param>
    /// <param name="patchSize">Rows and columns of a patch.</param>
    /// <param name="stride">Pixels from one patch to the next, in both directions.</param>
    /// <exception cref="InvalidInputException">An image is smaller than a patch.</exception>
    public PatchGrid(IReadOnlyList<GrayImage> images, int patchSize, int stride)
    {
        (this.images, PatchSize, this.stride) = (images, patchSize, stride);
        ends = new long[images.Count];
        for (int i = 0; i < ends.Length; i++)
        {
            var image = images[i];
            if (image.Height < patchSize || image.Width < patchSize)
                throw new InvalidInputException($"{image.Name}: the image of {image.Height} x {image.Width} pixels is smaller than a patch of {patchSize} x {patchSize}; remove it or use smaller patches");
            Count += (long)Places(image.Height) * Places(image.Width);
            ends[i] = Count;
        }
    }

    public int PatchSize { get; }

    /// <summary>How many patches there are.</summary>
    public long Count { get; }

    /// <summary>Copies a patch row by row, [p, p].</summary>
    public void Copy(long patch, Span<float> destination)
    {
        int found = Array.BinarySearch(ends, patch + 1), index = found < 0 ? ~found : found;
        var image = images[index];
        long place = index == 0 ? patch : patch - ends[index - 1];
        int across = Places(image.Width), top = (int)(place / across) * stride, left = (int)(place % across) * stride;
        for (int row = 0; row < PatchSize; row++)
            image.Pixels.AsSpan((top + row) * image.Width + left, PatchSize).CopyTo(destination[(row * PatchSize)..]);
    }

    private int Places(int length) => (length - PatchSize) / stride + 1;
}
