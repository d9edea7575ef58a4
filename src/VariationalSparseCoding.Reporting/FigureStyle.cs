using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>The colours of a figure. Data colours are those of Okabe and Ito, told apart by colour-blind readers.</summary>
internal sealed class FigureStyle
{
    private FigureStyle(uint background, uint ink, uint muted, uint line, uint invalid, params uint[] series)
    {
        (Background, Ink, Muted, Line, Invalid) = (Opaque(background), Opaque(ink), Opaque(muted), Opaque(line), Opaque(invalid));
        Series = [.. series.Select(Opaque)];
    }

    /// <summary>Dark ink on white.</summary>
    public static FigureStyle Light { get; } =
        new(0xFFFFFF, 0x1F2430, 0x5B6472, 0xE3E6EB, 0xE8C3B4, 0x0072B2, 0xD55E00, 0x008060, 0xB8578C, 0x56B4E9, 0xA67C00, 0x1F2430);

    /// <summary>Light ink on near black.</summary>
    public static FigureStyle Dark { get; } =
        new(0x1A1E26, 0xE8EAEE, 0xA3ACB9, 0x323946, 0x6E4636, 0x56B4E9, 0xE69F00, 0x2CC295, 0xDC9CBF, 0x4D8FD6, 0xF0E442, 0xE8EAEE);

    internal SKColor Background { get; }

    internal SKColor Ink { get; }

    internal SKColor Muted { get; }

    /// <summary>Grid lines and frames.</summary>
    internal SKColor Line { get; }

    /// <summary>Values that are not numbers.</summary>
    internal SKColor Invalid { get; }

    internal IReadOnlyList<SKColor> Series { get; }

    internal SKColor SeriesColor(int index) => Series[index % Series.Count];

    private static SKColor Opaque(uint rgb) => new(0xFF000000 | rgb);
}
