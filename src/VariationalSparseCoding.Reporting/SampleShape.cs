namespace VariationalSparseCoding.Reporting;

/// <summary>How the D values of a sample are to be drawn: as an image patch, or as a plain vector.</summary>
/// <param name="Height">Rows of the patch; 1 for a vector.</param>
/// <param name="Width">Columns of the patch; D for a vector.</param>
/// <param name="Channels">1 for grey patches and vectors, 3 for colour. Colour values are channel-major: all of red, then green, then blue.</param>
/// <param name="IsPatch">Whether the sample is an image patch.</param>
internal sealed record SampleShape(int Height, int Width, int Channels, bool IsPatch)
{
    /// <summary>Values per sample, D.</summary>
    public int Dimension => Height * Width * Channels;

    /// <summary>The shape of an image patch, row-major, [channels, height, width].</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1, or a number of channels other than 1 and 3.</exception>
    public static SampleShape Patch(int height, int width, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return channels is 1 or 3
            ? new SampleShape(height, width, channels, IsPatch: true)
            : throw new ArgumentOutOfRangeException(nameof(channels), channels, "A patch has 1 channel (grey) or 3 (colour); draw other samples as vectors.");
    }

    /// <summary>The shape of samples that are not images.</summary>
    /// <param name="length">Values per sample, D, at least 1.</param>
    /// <returns>The shape.</returns>
    public static SampleShape Vector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new SampleShape(1, length, 1, IsPatch: false);
    }
}
