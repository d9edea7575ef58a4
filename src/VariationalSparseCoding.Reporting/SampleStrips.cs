using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>Rows of samples with labels: reconstructions, and the samples that activate an atom.</summary>
internal static class SampleStrips
{
    private const int TilePixels = 144;
    private const float LabelWidth = 128;
    private const float LabelSize = 13;
    private const float CaptionSize = 11;
    private const float Gap = 8;
    private const float CaptionHeight = 20;
    private const int SamplesPerBand = 10;

    private static readonly string[] RowLabels = ["original", "reconstruction", "residual"];

    public static byte[] Reconstructions(ReconstructionSet set, SampleShape shape, FigureStyle style)
    {
        SKSize tile = TileSize(shape);
        int perBand = Math.Clamp(set.Originals.Rows, 1, SamplesPerBand);
        int decimals = Numbers.Decimals(set.Errors.Select(error => (double)error));
        int bands = (set.Originals.Rows + perBand - 1) / perBand;
        float bandHeight = RowLabels.Length * (tile.Height + Gap) + CaptionHeight + Gap;
        float width = LabelWidth + perBand * (tile.Width + Gap) + Gap;
        return Canvas.Png(width, Math.Max(bands * bandHeight + Gap, 1), style.Background, canvas =>
        {
            for (int band = 0; band < bands; band++)
            {
                float top = Gap + band * bandHeight;
                DrawBandLabels(canvas, top, tile, style);
                for (int i = 0; i < perBand && band * perBand + i < set.Originals.Rows; i++)
                {
                    DrawReconstruction(canvas, set, band * perBand + i, decimals, new SKPoint(LabelWidth + i * (tile.Width + Gap), top), tile, shape, style);
                }
            }
        });
    }

    public static byte[] TopSamples(IReadOnlyList<AtomExamples> atoms, SampleMatrix dictionary, SampleShape shape, FigureStyle style)
    {
        SKSize tile = TileSize(shape);
        int most = atoms.Select(atom => atom.Samples.Rows).DefaultIfEmpty(0).Max();
        float rowHeight = tile.Height + CaptionHeight + Gap;
        string Label(AtomExamples examples) => $"atom {examples.Atom}";
        float labelWidth = atoms.Select(examples => Typography.Measure(Label(examples), LabelSize, semiBold: true)).DefaultIfEmpty(0).Max() + 3 * Gap;
        int decimals = Numbers.Decimals(atoms.SelectMany(examples => examples.Activations).Select(activation => (double)activation));
        // The atom stands apart from its samples by a wider gap.
        float samplesLeft = labelWidth + tile.Width + 3 * Gap;
        SampleMatrix columns = dictionary.Transpose();
        return Canvas.Png(samplesLeft + most * (tile.Width + Gap) + Gap, Math.Max(atoms.Count * rowHeight + Gap, 1), style.Background, canvas =>
        {
            for (int row = 0; row < atoms.Count; row++)
            {
                AtomExamples examples = atoms[row];
                float top = Gap + row * rowHeight;
                Typography.Draw(canvas, Label(examples), Gap, top + tile.Height / 2 + LabelSize * 0.36f, LabelSize, style.Ink, semiBold: true);
                ReadOnlySpan<float> atom = columns.Row(examples.Atom);
                Tile.Draw(canvas, SKRect.Create(labelWidth, top, tile.Width, tile.Height), atom, shape, Tile.Range(atom), style);
                for (int i = 0; i < examples.Samples.Rows; i++)
                {
                    ReadOnlySpan<float> sample = examples.Samples.Row(i);
                    float left = samplesLeft + i * (tile.Width + Gap);
                    Tile.Draw(canvas, SKRect.Create(left, top, tile.Width, tile.Height), sample, shape, Tile.Range(sample), style);
                    DrawCaption(canvas, Numbers.Text(examples.Activations[i], decimals), left, top + tile.Height, tile.Width, style);
                }
            }
        });
    }

    private static SKSize TileSize(SampleShape shape)
    {
        SKSizeI pixels = Tile.Size(shape, TilePixels);
        return new SKSize(pixels.Width / Canvas.Density, pixels.Height / Canvas.Density);
    }

    private static void DrawBandLabels(SKCanvas canvas, float top, SKSize tile, FigureStyle style)
    {
        for (int row = 0; row < RowLabels.Length; row++)
        {
            float middle = top + row * (tile.Height + Gap) + tile.Height / 2;
            Typography.Draw(canvas, RowLabels[row], Gap, middle + LabelSize * 0.36f, LabelSize, style.Ink, semiBold: true);
        }
        Typography.Draw(canvas, "½‖x − Az‖²", Gap, top + RowLabels.Length * (tile.Height + Gap) + CaptionSize * 0.72f, CaptionSize, style.Muted);
    }

    /// <summary>All three share the original's scale, so that a small residual looks small.</summary>
    private static void DrawReconstruction(SKCanvas canvas, ReconstructionSet set, int index, int decimals, SKPoint corner, SKSize tile, SampleShape shape, FigureStyle style)
    {
        ReadOnlySpan<float> original = set.Originals.Row(index);
        ReadOnlySpan<float> reconstruction = set.Reconstructions.Row(index);
        var residual = new float[original.Length];
        for (int i = 0; i < residual.Length; i++)
        {
            residual[i] = original[i] - reconstruction[i];
        }
        float range = Tile.Range(original);
        float step = tile.Height + Gap;
        Tile.Draw(canvas, SKRect.Create(corner.X, corner.Y, tile.Width, tile.Height), original, shape, range, style);
        Tile.Draw(canvas, SKRect.Create(corner.X, corner.Y + step, tile.Width, tile.Height), reconstruction, shape, range, style);
        Tile.Draw(canvas, SKRect.Create(corner.X, corner.Y + 2 * step, tile.Width, tile.Height), residual, shape, range, style);
        DrawCaption(canvas, Numbers.Text(set.Errors[index], decimals), corner.X, corner.Y + 3 * step - Gap, tile.Width, style);
    }

    private static void DrawCaption(SKCanvas canvas, string text, float left, float tileBottom, float width, FigureStyle style) =>
        Typography.Draw(canvas, text, left + width / 2, tileBottom + Gap + CaptionSize * 0.72f, CaptionSize, style.Muted, SKTextAlign.Center);
}
