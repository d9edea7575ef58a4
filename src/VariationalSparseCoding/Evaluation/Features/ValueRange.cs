namespace VariationalSparseCoding.Evaluation;

/// <summary>
/// Bins of magnitudes whose range is a power of two and doubles when a greater magnitude comes. Two bins then become one, so that the result does not depend on the order of the values.
/// </summary>
internal static class ValueRange
{
    /// <summary>Bins of a range. At least the upper half is used where there is a value.</summary>
    public const int Bins = 64;

    private const int BitsOfBins = 6;

    /// <summary>Stands for the exponent of a range without values.</summary>
    public const int None = int.MinValue;

    /// <summary>The exponent of the least range that holds a magnitude: [0, 2^exponent).</summary>
    /// <param name="magnitude">A finite magnitude, not 0.</param>
    public static int ExponentOf(float magnitude) => MathF.ILogB(magnitude) + 1;

    /// <summary>The bin of a magnitude.</summary>
    /// <param name="magnitude">A magnitude within the range.</param>
    /// <param name="exponent">The range's exponent.</param>
    public static int BinOf(float magnitude, int exponent) => (int)Math.ScaleB((double)magnitude, BitsOfBins - exponent);

    /// <summary>Where a bin begins.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="exponent">The range's exponent.</param>
    public static double Begin(int bin, int exponent) => Math.ScaleB(bin, exponent - BitsOfBins);

    /// <summary>How many bits of a bin's number are lost when the range grows.</summary>
    /// <param name="exponent">The exponent before.</param>
    /// <param name="grown">The exponent after.</param>
    public static int Shift(int exponent, int grown) => Math.Min(BitsOfBins, grown - exponent);
}
