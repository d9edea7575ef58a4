namespace VariationalSparseCoding.Images.Files;

/// <summary>The size of an image.</summary>
/// <param name="Name">How messages name the image.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct ImageSize(string Name, int Height, int Width);

/// <summary>A grey-scale image.</summary>
internal sealed class GrayImage
{
    /// <summary>Creates an image.</summary>
    /// <param name="name">How messages name it: a file, or a file and an index.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">Row by row, [height, width]; kept and not copied.</param>
    public GrayImage(string name, int height, int width, float[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (pixels.Length != (long)height * width) throw new ArgumentException($"{height} x {width} pixels are not {pixels.Length}.", nameof(pixels));
        (Size, Pixels) = (new(name, height, width), pixels);
    }

    /// <summary>Its size.</summary>
    public ImageSize Size { get; }

    /// <summary>How messages name it.</summary>
    public string Name => Size.Name;

    /// <summary>Rows.</summary>
    public int Height => Size.Height;

    /// <summary>Columns.</summary>
    public int Width => Size.Width;

    /// <summary>Row by row, [height, width]: 8-bit luma in 0 .. 255, or whitened values.</summary>
    public float[] Pixels { get; }
}
