using System.Xml;
using System.Xml.Linq;
using SkiaSharp;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Reporting.Tests;

[Trait("Category", "Slow")]
public class ImageReportTests
{
    private static readonly ImageShape GreyPixel = new(1, 1, 1), ColourPixel = new(3, 1, 1);

    private static XElement Page(params ReportedRun[] runs)
    {
        using var reader = XmlReader.Create(new StringReader(HtmlReport.Render(runs)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    private static XElement Card(XElement page, string title) => page.Descendants("section").First(section => section.Element("h3")!.Value == title);

    private static string[][] Cells(XElement element) => [.. element.Descendants("tbody").First().Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    [Fact]
    public void The_sections_are_all_there()
    {
        XElement page = Page(ImageRuns.Report());
        Assert.Equal(
            ["What was run", "Result", "Reconstructions", "Latent traversals", "Loss terms during training", "Activity of the features", "Dead features", "Limits", "How to reproduce"],
            page.Descendants("h3").Select(heading => heading.Value));
        Assert.Equal(["0.0345", "0.0123", "0.0234", "0.0987", "0.0877", "50.0 %", "1 of 3"], page.Descendants("dd").Select(tile => tile.Value));
        Assert.Contains("A limit.", Card(page, "Limits").Value, StringComparison.Ordinal);
        Assert.Equal(4, page.Descendants("img").Count());
        Assert.DoesNotContain("atom", page.Element("body")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_shows_every_kind_of_codes_and_the_mean_image()
    {
        XElement card = Card(Page(ImageRuns.Report()), "Result");
        string[][] rows = Cells(card);
        Assert.Equal(["best of 20 draws, as trained", "one draw", "posterior mean (default codes)", "all-zero code", "the mean image in place of every image"], rows.Select(row => row[0]));
        Assert.Equal(["0.01230", "1.75", "50.0 %"], rows[0][1..]);
        Assert.Equal(["0.08770", "–", "–"], rows[4][1..]);
        Assert.Contains("Lower is better", card.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, "beat the mean image")]
    [InlineData(0.0877, "do not beat the mean image")]
    [InlineData(0.2, "do not beat the mean image")]
    [InlineData(double.NaN, "is unknown")]
    public void The_verdict_compares_with_the_mean_image(double error, string verdict)
    {
        var evaluation = With(ImageRuns.Evaluation(new(1, 4, 4)), error);
        Assert.Contains(verdict, Card(Page(ImageRuns.Report(evaluation: evaluation)), "Result").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_features_are_named()
    {
        string card = Card(Page(ImageRuns.Report()), "Dead features").Value;
        Assert.Contains("1 of 3 features is dead", card, StringComparison.Ordinal);
        Assert.EndsWith("2\n", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_active_feature_the_page_says_so()
    {
        var evaluation = ImageRuns.Evaluation(new(1, 4, 4));
        var inactive = new ImageEvaluation
        {
            Experiment = evaluation.Experiment,
            Shape = evaluation.Shape,
            Step = 1,
            Draws = 1,
            Count = 2,
            Codes = new float[6],
            Results = evaluation.Results,
            MeanImageError = evaluation.MeanImageError,
            Originals = evaluation.Originals,
            Reconstructions = evaluation.Reconstructions,
            Traversals = [],
        };
        XElement page = Page(ImageRuns.Report(evaluation: inactive));
        Assert.Contains("no feature is active", Card(page, "Latent traversals").Value, StringComparison.Ordinal);
        Assert.Contains("3 of 3 features are dead", Card(page, "Dead features").Value, StringComparison.Ordinal);
        Assert.NotEmpty(ImageReporting.Traversals(inactive, FigureStyle.Light));
    }

    [Fact]
    public void Grey_images_keep_a_fixed_scale()
    {
        // Two images of one pixel, and their reconstructions: nothing is stretched to its own range.
        var evaluation = ImageRuns.Evaluation(GreyPixel, [0f, 1f], [0.25f, 1.5f]);
        using SKBitmap picture = Pictures.Decode(ImageReporting.Reconstructions(evaluation, FigureStyle.Light));
        Assert.Equal([0, 255, 64, 255], Tiles(picture).Select(colour => (int)colour.Red));
        Assert.All(Tiles(picture), colour => Assert.Equal(colour.Red, colour.Blue));
    }

    [Fact]
    public void Colour_images_lie_channel_after_channel()
    {
        var evaluation = ImageRuns.Evaluation(ColourPixel, [1f, 0f, 0f, 0f, 1f, 0f], [0f, 0f, 1f, 0.5f, 0.5f, 0.5f]);
        using SKBitmap picture = Pictures.Decode(ImageReporting.Reconstructions(evaluation, FigureStyle.Dark));
        Assert.Equal([new SKColor(255, 0, 0), new SKColor(0, 255, 0), new SKColor(0, 0, 255), new SKColor(128, 128, 128)], Tiles(picture));
    }

    [Fact]
    public void A_value_that_is_no_number_has_a_colour_of_its_own()
    {
        using SKBitmap picture = Pictures.Decode(ImageReporting.Reconstructions(ImageRuns.Evaluation(GreyPixel, [0f, 1f], [float.NaN, 1f]), FigureStyle.Light));
        Assert.Equal(FigureStyle.Light.Invalid, Tiles(picture)[2]);
    }

    [Fact]
    public void Several_runs_are_compared_first_above_the_same_images()
    {
        var evaluation = ImageRuns.Evaluation(new(3, 4, 4));
        XElement page = Page(ImageRuns.Report("first", evaluation), ImageRuns.Report("clothes", With(evaluation, 0.2)));
        Assert.Equal(["Comparison", "first", "clothes"], page.Descendants("h2").Select(heading => heading.Value));
        string[][] rows = Cells(Card(page, "Result"));
        Assert.Equal(["0.0123", "0.0234", "0.0987", "0.0877", "yes", "50.0 %", "1 of 3"], rows[0][1..]);
        Assert.Equal(["0.2000", "0.0234", "0.0987", "0.0877", "no", "50.0 %", "1 of 3"], rows[1][1..]);
        Assert.Contains(Cells(Card(page, "Settings that differ")), row => row is ["seed", "1", "0"]);
        Assert.Contains("what each run makes of them", Card(page, "Reconstructions").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_on_different_images_are_said_not_to_compare()
    {
        XElement page = Page(ImageRuns.Report(), ImageRuns.Report("others", ImageRuns.Evaluation(new(1, 4, 4), new float[32])));
        Assert.Contains("cannot be compared", Card(page, "Result").Value, StringComparison.Ordinal);
        Assert.DoesNotContain("what each run makes of them", Card(page, "Reconstructions").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_with_a_dictionary_are_not_put_beside_others() =>
        Assert.Throws<ArgumentException>(() => HtmlReport.Render([SampleRuns.Words(), ImageRuns.Report()]));

    [Fact]
    public void All_text_is_escaped()
    {
        const string Hostile = "<script>alert(\"x\")</script>&amp;'\"";
        var run = ImageRuns.Report(Hostile) with { Method = Hostile, MethodDescription = Hostile, Settings = [new(Hostile, Hostile)], Notes = [Hostile], ReproduceCommand = Hostile };
        Assert.DoesNotContain("<script", HtmlReport.Render([run, run]), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Hostile, Page(run).Descendants("pre").First().Value);
    }

    [Theory]
    [InlineData(DataOptions.FashionMnist, 2, 2048, "not the paper's schedule", "test split")]
    [InlineData(DataOptions.FashionMnist, 300, 2048, "not the paper's schedule", "test split")]
    [InlineData(DataOptions.CelebA, 300, 150_000, "", "test split")]
    [InlineData("faces", 2, 2048, "", "the same folder")]
    public void Limits_fit_the_run(string source, int epochs, int images, string schedule, string validation)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("vsc-report-");
        try
        {
            var experiment = ImageRuns.Experiment(source);
            experiment = experiment with { Data = experiment.Data with { TrainSamples = images }, Schedule = experiment.Schedule with { Epochs = epochs } };
            using var folder = RunFolder.Create(Path.Combine(scratch.FullName, "run"), ImageRuns.Experiment());
            string notes = string.Join('\n', ImageReporting.Describe(folder, With(ImageRuns.Evaluation(new(1, 4, 4)), 0.1, experiment)).Notes);
            Assert.Contains(schedule, notes, StringComparison.Ordinal);
            if (schedule.Length == 0) Assert.DoesNotContain("not the paper's schedule", notes, StringComparison.Ordinal);
            Assert.Contains(validation, notes, StringComparison.Ordinal);
            Assert.Contains("best of 20", notes, StringComparison.Ordinal);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>The colours of two images and of their reconstructions; tiles are 128 pixels wide, from the right with margins of 16.</summary>
    private static SKColor[] Tiles(SKBitmap picture)
    {
        int right = picture.Width - 16 - 64, left = right - 144;
        return [picture.GetPixel(left, 80), picture.GetPixel(right, 80), picture.GetPixel(left, 80 + 144), picture.GetPixel(right, 80 + 144)];
    }

    private static ImageEvaluation With(ImageEvaluation evaluation, double error, Experiment? experiment = null) => new()
    {
        Experiment = experiment ?? evaluation.Experiment,
        Shape = evaluation.Shape,
        Step = evaluation.Step,
        Draws = evaluation.Draws,
        Count = evaluation.Count,
        Codes = evaluation.Codes,
        Results = [evaluation.Results[0] with { SquaredError = error }, .. evaluation.Results.Skip(1)],
        MeanImageError = evaluation.MeanImageError,
        Originals = evaluation.Originals,
        Reconstructions = evaluation.Reconstructions,
        Traversals = evaluation.Traversals,
    };
}
