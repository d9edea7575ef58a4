using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Reporting.Tests;

public class QualitySectionTests
{
    [Fact]
    public void Numbers_stand_beside_a_histogram_of_firing_rates()
    {
        // Of three samples a feature is active in all, in one and in none.
        float[] samples = [0, 3, 4, -1, 2, 1], reconstructions = [0, 3, 2, -1, 2, 0], codes = [1, 0, 0, -2, 0.5f, 0, 0.1f, 0, 0];
        var run = SampleRuns.Words() with
        {
            Quality = CodeQuality.Of(samples, reconstructions, 2, codes, 3),
            DictionaryQuality = DictionaryQuality.Of([1, 0, -3, 0, 2, 3], 3),
        };
        string html = HtmlReport.Render([run]);
        foreach (string part in new[] { "Quality of the codes", "68.8 %", "0.3125", "1.333", "<dd>1 of 3</dd>", "<dd>2 of 3</dd>", "Histogram of the firing rates of the features of tl-20, on a log scale", "1.000 to 4.243" })
            Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.DoesNotContain("Quality of the codes", HtmlReport.Render([SampleRuns.Words()]), StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_drawn_where_something_is_counted()
    {
        byte[] one = BarFigure.Draw([new(0, 1, 5), new(1, 2, 0)], "value", "rows", null, FigureStyle.Light), other = BarFigure.Draw([new(0, 1, 0), new(1, 2, 5)], "value", "rows", null, FigureStyle.Light);
        Assert.NotEqual(one, other);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], BarFigure.Draw([], "value", "rows", null, FigureStyle.Dark)[..4]);
    }
}
