using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>All atoms of a dictionary, sorted by norm.</summary>
internal static class DictionaryFigure
{
    /// <summary>About the longer side of the grid of patches, in pixels.</summary>
    private const int GridSize = 1500;
    private const int MaximumScale = 12;
    private const int Separator = 2;

    /// <summary>Euclidean norm of each column, [d]; not a number where an element is not.</summary>
    public static double[] Norms(SampleMatrix atoms)
    {
        var norms = new double[atoms.Rows];
        for (int atom = 0; atom < atoms.Rows; atom++)
        {
            double sum = 0;
            foreach (float value in atoms.Row(atom))
            {
                sum += (double)value * value;
            }
            norms[atom] = Math.Sqrt(sum);
        }
        return norms;
    }

    /// <summary>Atom indices by descending norm; equal norms keep their order, and norms that are not numbers come last.</summary>
    public static int[] Order(double[] norms) =>
        [.. Enumerable.Range(0, norms.Length).OrderByDescending(atom => double.IsNaN(norms[atom]) ? double.NegativeInfinity : norms[atom])];

    public static byte[] Draw(SampleMatrix dictionary, SampleShape shape, FigureStyle style)
    {
        SampleMatrix atoms = dictionary.Transpose();
        int[] order = Order(Norms(atoms));
        return shape.IsPatch ? DrawPatches(atoms, order, shape) : DrawHeatMap(atoms, order, style);
    }

    /// <summary>The same picture in every style: the separators are white, so that zero, mid grey, keeps its neighbourhood.</summary>
    private static byte[] DrawPatches(SampleMatrix atoms, int[] order, SampleShape shape)
    {
        int columns = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(order.Length * (double)shape.Height / shape.Width)));
        int rows = (order.Length + columns - 1) / columns;
        int scale = Math.Clamp(GridSize / Math.Max(columns * shape.Width, Math.Max(rows, 1) * shape.Height), 1, MaximumScale);
        var cell = new SKSizeI(shape.Width * scale + Separator, shape.Height * scale + Separator);
        return Canvas.PngOfPixels(columns * cell.Width + Separator, rows * cell.Height + Separator, SKColors.White, canvas =>
        {
            for (int rank = 0; rank < order.Length; rank++)
            {
                ReadOnlySpan<float> atom = atoms.Row(order[rank]);
                SKRect area = SKRect.Create(Separator + rank % columns * cell.Width, Separator + rank / columns * cell.Height, shape.Width * scale, shape.Height * scale);
                Tile.Draw(canvas, area, atom, shape, Tile.Range(atom), FigureStyle.Light);
            }
        });
    }

    private static byte[] DrawHeatMap(SampleMatrix atoms, int[] order, FigureStyle style)
    {
        const int Width = 820, Height = 460;
        using Plot plot = PlotStyling.NewPlot(style, "", "atom, largest norm first", "input dimension");
        plot.Axes.Title.IsVisible = false;
        plot.HideGrid();
        // ScottPlot refuses a map without any number; then the whole area has the colour of what is none.
        if (!atoms.Values.Any(float.IsFinite))
        {
            plot.DataBackground.Color = PlotStyling.Of(style.Invalid);
        }
        else
        {
            double range = Tile.Range(atoms.Values) is > 0 and float largest ? largest : 1;
            var elements = new double[atoms.Columns, order.Length];
            for (int rank = 0; rank < order.Length; rank++)
            {
                for (int dimension = 0; dimension < atoms.Columns; dimension++)
                {
                    float value = atoms.Row(order[rank])[dimension];
                    elements[dimension, rank] = float.IsFinite(value) ? value : double.NaN;
                }
            }
            HeatMap.Add(plot, elements, range, "element of A", style);
        }
        plot.Axes.SetLimits(-0.5, Math.Max(order.Length, 1) - 0.5, -0.5, Math.Max(atoms.Columns, 1) - 0.5);
        return Canvas.Png(Width, Height, style.Background, canvas => PlotStyling.Draw(canvas, plot, new SKRect(0, 0, Width, Height)));
    }
}
