using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class CurveFigureTests
{
    private static HistoryRow Row(double epoch, long step, double loss) => new(epoch, step, [new("loss", loss)], []);

    [Fact]
    public void Every_term_has_a_panel_with_both_lines()
    {
        IReadOnlyList<CurvePanel> panels = CurveFigure.Panels(SampleRuns.History(5));
        Assert.Equal(["loss", "reconstruction", "KL", "objective"], panels.Select(panel => panel.Term));
        Assert.All(panels, panel => Assert.Equal(["training", "validation"], panel.Lines.Select(line => line.Name)));
        Assert.Equal([5, 5, 5, 0], panels.Select(panel => panel.Lines[0].X.Length));
        Assert.Equal([1, 2, 3, 4, 5], panels[3].Lines[1].X);
    }

    [Fact]
    public void Several_rows_per_whole_epoch_are_drawn_over_steps()
    {
        CurvePanel steps = Assert.Single(CurveFigure.Panels([Row(1, 10, 3), Row(1, 20, 2)]));
        Assert.Equal("optimiser step", steps.XLabel);
        Assert.Equal([10, 20], steps.Lines[0].X);
        Assert.Equal("epoch", Assert.Single(CurveFigure.Panels([Row(0.5, 10, 3), Row(1, 20, 2)])).XLabel);
    }

    [Fact]
    public void Values_that_are_not_numbers_are_left_out()
    {
        CurvePanel panel = Assert.Single(CurveFigure.Panels([Row(1, 1, double.NaN), Row(2, 2, 5), Row(3, 3, double.PositiveInfinity)]));
        Assert.Equal([5], panel.Lines[0].Y);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Every_panel_is_drawn() => Assert.All(CurveFigure.Panels(SampleRuns.History(5)), panel =>
    {
        using SKBitmap picture = Pictures.Decode(CurveFigure.Panel(panel, FigureStyle.Light));
        Assert.Equal((1040, 600), (picture.Width, picture.Height));
        Assert.InRange(Pictures.Ink(picture, picture.Info.Rect, FigureStyle.Light.Background), 3000, 100_000);
    });

    [Fact]
    public void Lines_have_their_colours_and_the_axes_their_text()
    {
        using SKBitmap picture = Pictures.Decode(CurveFigure.Panel(Assert.Single(CurveFigure.Panels([Row(1, 1, 3), Row(2, 2, 2)])), FigureStyle.Dark));
        var colours = picture.Pixels.ToHashSet();
        Assert.Contains(FigureStyle.Dark.SeriesColor(0), colours);
        Assert.DoesNotContain(FigureStyle.Dark.SeriesColor(1), colours);
        // What the numbers are stands at the left edge, rotated; below it is nothing.
        Assert.InRange(Pictures.Ink(picture, new SKRectI(0, 100, 60, 500), FigureStyle.Dark.Background), 100, 4000);
    }

    [Fact]
    public void Nothing_logged_has_no_panel() => Assert.Empty(CurveFigure.Panels((HistoryRow[])[]));

    [Fact]
    public void Runs_are_compared_by_their_validation_lines()
    {
        IReadOnlyList<CurvePanel> panels = CurveFigure.Panels([SampleRuns.Patches("first"), SampleRuns.Patches("second")]);
        Assert.All(panels, panel => Assert.Equal(["first", "second"], panel.Lines.Select(line => line.Name)));
        Assert.Equal(4, panels.Count);
    }

    [Theory]
    [InlineData(1, 2.5)]
    [InlineData(20, 0)]
    [InlineData(20, -1e30)]
    [InlineData(20, double.NaN)]
    public void Constant_histories_are_drawn(int rows, double value)
    {
        using SKBitmap picture = Pictures.Decode(CurveFigure.Panel(Assert.Single(CurveFigure.Panels([.. Enumerable.Range(1, rows).Select(i => Row(i, i, value))])), FigureStyle.Light));
        Assert.True(Pictures.Ink(picture, picture.Info.Rect, FigureStyle.Light.Background) > 100);
    }
}
