using SkiaSharp;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A dictionary with a name.</summary>
/// <param name="Title">The name.</param>
/// <param name="Dictionary">A, [D, d].</param>
/// <param name="Shape">How to draw an atom.</param>
internal sealed record NamedDictionary(string Title, SampleMatrix Dictionary, SampleShape Shape);

/// <summary>Dictionaries side by side, each sorted by norm.</summary>
internal static class DictionaryPanels
{
    private const float Panel = 340, Gap = 16, TitleHeight = 30, TitleSize = 14;

    /// <summary>The figure, at most three dictionaries in a row.</summary>
    /// <param name="dictionaries">The dictionaries, at least one.</param>
    /// <param name="columns">Dictionaries in a row.</param>
    public static Drawing Of(IReadOnlyList<NamedDictionary> dictionaries, int columns)
    {
        columns = Math.Min(columns, dictionaries.Count);
        int rows = (dictionaries.Count + columns - 1) / columns;
        return new(Gap + columns * (Panel + Gap), rows * (TitleHeight + Panel + Gap), (canvas, style) =>
        {
            for (int i = 0; i < dictionaries.Count; i++)
            {
                float left = Gap + i % columns * (Panel + Gap), top = i / columns * (TitleHeight + Panel + Gap);
                Typography.Draw(canvas, dictionaries[i].Title, left + Panel / 2, top + TitleHeight - 10, TitleSize, style.Ink, SKTextAlign.Center, semiBold: true);
                using var picture = SKImage.FromEncodedData(Figures.DictionaryGrid(dictionaries[i].Dictionary, dictionaries[i].Shape, style));
                float scale = Panel / Math.Max(picture.Width, picture.Height), width = picture.Width * scale, height = picture.Height * scale;
                canvas.DrawImage(picture, SKRect.Create(left + (Panel - width) / 2, top + TitleHeight, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            }
        });
    }
}
