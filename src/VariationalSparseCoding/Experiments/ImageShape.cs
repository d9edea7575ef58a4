namespace VariationalSparseCoding.Experiments;

/// <summary>The shape of an image sample, whose values lie channel after channel, row by row: D = Channels * Height * Width.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values of an image, D.</summary>
    public int Size => checked(Channels * Height * Width);
}
