using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>A row of images with a label.</summary>
/// <param name="Label">What the row shows.</param>
/// <param name="Detail">A second, smaller line; may be empty.</param>
/// <param name="Images">The images, [n, D]: values in [0, 1], black at 0 and white at 1.</param>
/// <param name="Captions">What stands below each image; empty for none.</param>
internal sealed record ImageStrip(string Label, string Detail, SampleMatrix Images, IReadOnlyList<string> Captions)
{
    /// <summary>Whether the images are atoms instead: mid grey at 0, each on its own scale.</summary>
    public bool AreAtoms { get; init; }
}

/// <summary>Rows of whole images.</summary>
internal static class ImageStrips
{
    private const int TilePixels = 128;
    private const float LabelSize = 13, CaptionSize = 11, Gap = 8, CaptionHeight = 20;

    public static byte[] Draw(IReadOnlyList<ImageStrip> strips, SampleShape shape, FigureStyle style) => Of(strips, shape).Png(style);

    public static Drawing Of(IReadOnlyList<ImageStrip> strips, SampleShape shape)
    {
        SKSizeI pixels = Tile.Size(shape, TilePixels);
        var tile = new SKSize(pixels.Width / Canvas.Density, pixels.Height / Canvas.Density);
        float labelWidth = strips.SelectMany(strip => new[] { Typography.Measure(strip.Label, LabelSize, semiBold: true), Typography.Measure(strip.Detail, CaptionSize) }).DefaultIfEmpty(0).Max() + 3 * Gap;
        float step = Math.Max(tile.Width, strips.SelectMany(strip => strip.Captions).Select(caption => Typography.Measure(caption, CaptionSize)).DefaultIfEmpty(0).Max()) + Gap;
        int most = strips.Select(strip => strip.Images.Rows).DefaultIfEmpty(0).Max();
        float Height(ImageStrip strip) => tile.Height + Gap + (strip.Captions.Count > 0 ? CaptionHeight : 0);
        return new(labelWidth + most * step + Gap, Math.Max(strips.Sum(Height) + Gap, 1), (canvas, style) =>
        {
            float top = Gap;
            foreach (var strip in strips)
            {
                float middle = top + tile.Height / 2;
                bool hasDetail = strip.Detail.Length > 0;
                Typography.Draw(canvas, strip.Label, Gap, middle + LabelSize * (hasDetail ? -0.15f : 0.36f), LabelSize, style.Ink, semiBold: true);
                if (hasDetail) Typography.Draw(canvas, strip.Detail, Gap, middle + LabelSize * 1.05f, CaptionSize, style.Muted);
                for (int i = 0; i < strip.Images.Rows; i++)
                {
                    float left = labelWidth + i * step + (step - Gap - tile.Width) / 2;
                    var area = SKRect.Create(left, top, tile.Width, tile.Height);
                    var image = strip.Images.Row(i);
                    if (strip.AreAtoms) Tile.Draw(canvas, area, image, shape, Tile.Range(image), style);
                    else Tile.DrawImage(canvas, area, image, shape, style);
                    if (i < strip.Captions.Count)
                        Typography.Draw(canvas, strip.Captions[i], left + tile.Width / 2, top + tile.Height + Gap + CaptionSize * 0.72f, CaptionSize, style.Muted, SKTextAlign.Center);
                }
                top += Height(strip);
            }
        });
    }
}
