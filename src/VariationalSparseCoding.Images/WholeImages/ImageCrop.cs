namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>The square of an image that becomes a sample.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Side">Rows and columns.</param>
internal readonly record struct ImageCrop(int Top, int Left, int Side)
{
    /// <summary>The largest square in the middle of an image; half a pixel is left out above and on the left where it is not in the very middle.</summary>
    public static ImageCrop Largest(int height, int width)
    {
        int side = Math.Min(height, width);
        return new((height - side) / 2, (width - side) / 2, side);
    }
}
