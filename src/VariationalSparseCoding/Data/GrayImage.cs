namespace VariationalSparseCoding.Data;

/// <summary>A grey-scale image.</summary>
public sealed class GrayImage
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
        (Name, Height, Width, Pixels) = (name, height, width, pixels);
    }

    /// <summary>How messages name it.</summary>
    public string Name { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Row by row, [height, width]: 8-bit luma in 0 .. 255, or whitened values.</summary>
    public float[] Pixels { get; }
}
