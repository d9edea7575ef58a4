using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reporting.Tests;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Tests.Document;

/// <summary>Tables, figures, page and document of results with chosen numbers.</summary>
[Trait("Category", "Slow")]
public sealed class ReproductionDocumentTests : IDisposable
{
    private static readonly ReproductionTarget Table1 = ReproductionPlan.Find(["table1"])[0];

    private readonly string folder = Directory.CreateTempSubdirectory("vsc-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static RunResult Run(string variant, ulong seed, params (string Metric, double Value)[] metrics) => new()
    {
        Schedule = "compact",
        Variant = variant,
        Experiment = ReproductionSchedule.Compact.Apply(RunVariants.Find(variant).Experiment) with { Seed = seed, Description = RunVariants.Find(variant).Label, CreatedWith = "versions" },
        Step = 20_000,
        Metrics = metrics.ToDictionary(pair => pair.Metric, pair => pair.Value),
    };

    private static RunResult Measured(string variant, ulong seed, double offset) => Run(variant, seed,
        (MetricNames.ObjectiveTable1, 190 + offset), (MetricNames.Objective, 188 + offset), (MetricNames.MultiInformation, 170 + offset), (MetricNames.IwaeSoftmaxLoss, 1.5), (MetricNames.ActiveFraction, 0.1),
        (MetricNames.ObjectiveTable1 + MetricNames.ZeroCode, 131), (MetricNames.ObjectiveTable1 + MetricNames.ConvergedFista, 120), (MetricNames.SignalNetwork, 0.3), (MetricNames.SignalDictionary, 0.2 + offset / 10)) with
    {
        Histograms = new Dictionary<string, IReadOnlyList<int>> { [MetricNames.Jaccard] = [1, 3], [MetricNames.JaccardAsTrained] = [0, 4] },
    };

    private static List<RunResult> Results() =>
    [
        Measured("thresholded-laplacian-j1", 0, 0), Measured("thresholded-laplacian-j1", 1337, 1), Measured("thresholded-laplacian-j1", 747, 5),
        Measured("gaussian-j1", 0, 1200),
        Run("thresholded-laplacian-j20", 0) with { Divergence = "The training term 'loss' became NaN." },
        Measured("thresholded-laplacian-average-j20", 0, 0),
    ];

    private static string Cell(ResultTable table, string run, string column)
    {
        int index = table.Columns.Select(candidate => candidate.Key).ToList().IndexOf(column);
        return table.Columns[index].Text(table.Rows.Single(row => row.Key == run).Values[index]);
    }

    [Fact]
    public void Table_1_has_the_published_number_beside_the_obtained_one()
    {
        var table = ReproductionTables.Of(Table1, new(Results()), 3);
        Assert.Equal(15, table.Rows.Count);
        Assert.Equal(["192.0", "198", "−6.0", "−3.0 %", "190.0", "190.4"], new[] { "validation_loss", "validation_loss_published", "validation_loss_difference", "validation_loss_relative_difference", "objective", "objective_authors_code" }
            .Select(column => Cell(table, "thresholded-laplacian-j1", column)));
        Assert.Equal(["131.0", "120.0", "10.0 %"], new[] { "validation_loss_of_codes_zero_code", "validation_loss_of_codes_fista", "active_fraction" }.Select(column => Cell(table, "thresholded-laplacian-j1", column)));
        Assert.Contains(table.Notes, note => note.Contains("log₂ 4,000 = 11.97 bits", StringComparison.Ordinal));
        Assert.Null(table.Rows.Single(row => row.Key == "thresholded-laplacian-j1").State);
    }

    [Fact]
    public void What_was_not_run_or_ended_in_NaN_says_so()
    {
        var table = ReproductionTables.Of(Table1, new(Results()), 3);
        Assert.Equal("not yet run", table.Rows.Single(row => row.Key == "fista").State);
        Assert.Equal(Numbers.Missing, Cell(table, "fista", "validation_loss"));
        Assert.Equal("101", Cell(table, "fista", "validation_loss_published"));
        Assert.Equal("1 of 3 seeds", table.Rows.Single(row => row.Key == "gaussian-j1").State);
        Assert.Contains("NaN", table.Rows.Single(row => row.Key == "thresholded-laplacian-j20").State, StringComparison.Ordinal);
        Assert.Equal(["NaN", "NaN"], new[] { "validation_loss", "validation_loss_difference" }.Select(column => Cell(table, "thresholded-laplacian-j20", column)));
        var table2 = ReproductionTables.Of(ReproductionPlan.Find(["table2"])[0], new(Results()), 3);
        Assert.Equal("NaN", Cell(table2, "thresholded-laplacian-subgradient-published-j1", "posterior_collapse_published"));
    }

    [Fact]
    public void Table_6_has_deviations_of_n_minus_1()
    {
        List<RunResult> results = [Measured("gaussian-j20", 0, 1), Measured("gaussian-j20", 1, 2), Measured("gaussian-j20", 2, 6)];
        var table = ReproductionTables.Of(ReproductionPlan.Find(["table6"])[0], new(results), 3);
        Assert.Equal(["193.0", "2.65", "1350.0", "2.08"], new[] { "validation_loss", "validation_loss_deviation", "validation_loss_published", "validation_loss_published_deviation" }.Select(column => Cell(table, "gaussian-j20", column)));
    }

    [Fact]
    public void Every_target_carries_the_baselines() => Assert.All(ReproductionPlan.Targets, target =>
    {
        var keys = ReproductionTables.Of(target, new(Results()), 3).Columns.Select(column => column.Key).ToList();
        string[] baselines = target.Images is null ? ["", "_j1", "_best_of_20", "_zero_code", "_fista"] : ["", "_j1", "_mean", "_zero_code", "_mean_image"];
        foreach (string ending in baselines) Assert.Contains((target.Images is null ? "validation_loss_of_codes" : "squared_error") + ending, keys);
        Assert.Contains("active_fraction", keys);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    });

    [Fact]
    public void Figure_7_has_its_lines_published_numbers_and_claims()
    {
        var target = ReproductionPlan.Find(["figure7-fashion-mnist"])[0];
        var runs = target.Variants.Take(30).Select((name, index) => new RunResult
        {
            Schedule = "compact",
            Variant = name,
            Experiment = ReproductionSchedule.Compact.Apply(RunVariants.Find(name).Experiment),
            Step = 1200,
            FeatureNetwork = "features of a test",
            Metrics = new Dictionary<string, double> { [MetricNames.SquaredError + MetricNames.BestOf20] = 0.02 + 0.001 * index, [MetricNames.MultiInformation + MetricNames.BestOf20] = 100 + index, [MetricNames.Frechet] = 3 },
        }).ToList();
        var results = new ResultSet(runs);
        var figure = target.Content.Figure(target, results, None)!;
        using var picture = Pictures.Decode(figure.Drawing.Png(FigureStyle.Light));
        Assert.True(Pictures.Ink(picture, new(0, 0, picture.Width, picture.Height), FigureStyle.Light.Background) > 1000);
        string table = ResultTableText.Markdown(ReproductionTables.Of(target, results, 1));
        Assert.Contains("features of a test", table, StringComparison.Ordinal);
        Assert.Contains("0.02794", table, StringComparison.Ordinal);
        string page = ReproductionPage.Render(results, [new(target, ReproductionTables.Of(target, results, 1), figure)]);
        Assert.Contains("Fashion-MNIST: 12,800 training images", page, StringComparison.Ordinal);
        Assert.Contains("All sparse priors show superior scaling", page, StringComparison.Ordinal);
        Assert.DoesNotContain("FISTA learns dictionary entries", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_7_counts_pairs_of_methods_in_the_published_order()
    {
        var target = ReproductionPlan.Find(["figure7-fashion-mnist"])[0];
        RunResult Of(string method, double error) => Run($"fashion-mnist-{method}-d64", 0, (MetricNames.SquaredError + MetricNames.BestOf20, error));
        // Published: gaussian and thresholded-laplacian-gamma 0.02863, thresholded-gaussian 0.02422.
        string[] texts = [.. target.Content.Order(target, new([Of("gaussian", 0.03), Of("thresholded-gaussian", 0.04), Of("thresholded-laplacian-gamma", 0.05), Run("fashion-mnist-gaussian-d20", 0, (MetricNames.SquaredError + MetricNames.BestOf20, 0.03))]))];
        Assert.Equal("Methods at d = 64 by squared error, lowest first: Gaussian, Thresholded Gaussian, Thresholded Laplacian+Gamma. 1 of 2 pairs come in the published order, which is Thresholded Gaussian, Gaussian, Thresholded Laplacian+Gamma.", Assert.Single(texts));
        Assert.EndsWith("1 of 1 pairs come in the published order.", Assert.Single(target.Content.Order(target, new([Of("gaussian", 0.03), Of("thresholded-gaussian", 0.02)]))), StringComparison.Ordinal);
        var figure4 = ReproductionPlan.Find(["figure4"])[0];
        Assert.Empty(figure4.Content.Order(figure4, new(Results())));
    }

    [Fact]
    public void A_table_is_the_same_in_every_format()
    {
        var table = ReproductionTables.Of(Table1, new(Results()), 3);
        string[] csv = ResultTableText.CsvOf(table).TrimEnd('\n').Split('\n');
        Assert.Equal(16, csv.Length);
        Assert.All(csv, line => Assert.Equal(2 + table.Columns.Count, line.Split(',').Length));
        var row = JsonNode.Parse(ResultTableText.Json(table))!["rows"]!.AsArray().Single(node => (string)node!["run"]! == "thresholded-laplacian-j1")!;
        Assert.Equal(192, (double)row["validation_loss"]!, 1e-9);
        string markdown = ResultTableText.Markdown(table);
        Assert.Contains("| Thresholded Laplacian, J = 1 | 192.0 | 198 | −6.0 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| FISTA (baseline) (not yet run) | – | 101 |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_have_their_data_and_are_well_formed()
    {
        var results = new ResultSet(Results());
        foreach (string name in new[] { "figure4", "figure5", "figure9", "figure18" })
        {
            var target = ReproductionPlan.Find([name])[0];
            var figure = target.Content.Figure(target, results, new(_ => new([.. Enumerable.Range(0, 64).Select(i => (float)Math.Sin(i))], 16, 4, new(1, 4, 4)), _ => null))!;
            using var picture = Pictures.Decode(figure.Drawing.Png(FigureStyle.Light));
            Assert.Equal((int)Math.Ceiling(Canvas.Density * figure.Drawing.Width), picture.Width);
            Assert.True(Pictures.Ink(picture, new(0, 0, picture.Width, picture.Height), FigureStyle.Light.Background) > 1000);
            using var svg = XmlReader.Create(new MemoryStream(figure.Drawing.Svg(FigureStyle.Light)), new() { DtdProcessing = DtdProcessing.Ignore });
            Assert.True(XDocument.Load(svg).Descendants().Count() > 10);
            Assert.True(figure.Data.Split('\n').Length > 3, name);
        }
        Assert.Null(Table1.Content.Figure(Table1, results, None));
        Assert.Null(Figure("figure3", results));
    }

    [Theory]
    [InlineData("figure6", 10)]
    [InlineData("figure8", 1 + 3 * 12)]
    [InlineData("figure19-fashion-mnist", 1 + 8 * 2)]
    public void Figures_of_images_show_what_runs_have_learned(string name, int lines)
    {
        var target = ReproductionPlan.Find([name])[0];
        var figure = target.Content.Figure(target, new(Results()), new(_ => null, variant => variant.Contains("celeba-gaussian", StringComparison.Ordinal) && name == "figure6" ? null : Findings()))!;
        using var picture = Pictures.Decode(figure.Drawing.Png(FigureStyle.Dark));
        Assert.True(Pictures.Ink(picture, new(0, 0, picture.Width, picture.Height), FigureStyle.Dark.Background) > 1000);
        // What stands below must be drawn too.
        Assert.True(Pictures.Ink(picture, new(0, picture.Height - 120, picture.Width, picture.Height - 40), FigureStyle.Dark.Background) > 100);
        Assert.Equal(lines, figure.Data.TrimEnd('\n').Split('\n').Length);
        Assert.Null(target.Content.Figure(target, new(Results()), None));
    }

    /// <summary>Images of 3 x 4 x 4 with twelve labels, nine shown columns, and a dictionary of 3 x 2 x 2.</summary>
    private static ImageFindings Findings()
    {
        float[] Wave(int count) => [.. Enumerable.Range(0, count).Select(i => 0.5f + 0.5f * (float)Math.Sin(i))];
        return new()
        {
            Dictionary = new(Wave(12 * 9), 12, 9, new(3, 2, 2)),
            Shape = new(3, 4, 4),
            Originals = Wave(2 * 48),
            Reconstructions = Wave(2 * 48),
            Labels = [.. Enumerable.Range(0, 12).Select(label => new LabelFeature($"label_{label}", label, 0.05 * label - 0.3, Wave(12)))],
            Features = [3, 1, 2],
            Correlations = [.. Enumerable.Range(0, 36).Select(i => Math.Cos(i) / 2)],
        };
    }

    private static readonly ShownRuns None = new(_ => null, _ => null);

    /// <summary>A figure that is drawn without runs.</summary>
    private static DataFigure? Figure(string name, ResultSet results)
    {
        var target = ReproductionPlan.Find([name])[0];
        return target.Content.Figure(target, results, None);
    }

    [Fact]
    public void Bars_and_histograms_show_the_numbers()
    {
        var results = new ResultSet(Results());
        Assert.Contains("snr_dictionary,thresholded-laplacian-j1,0.4,", Figure("figure9", results)!.Data, StringComparison.Ordinal);
        Assert.Contains("jaccard,thresholded-laplacian-average-j20,0.02,0.04,0.75", Figure("figure5", results)!.Data, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_states_verdicts_images_and_what_is_missing()
    {
        string path = Path.Combine(folder, "reproduction.md");
        ReproductionDocument.Write(path, Results(), null, "the command");
        string text = File.ReadAllText(path);
        foreach (string part in new[] { "Written by `the command`", "not Olshausen & Field's images", "not yet run", "**not yet measured**", "**refuted**", "reproduction/figure9-compact.png", "ended in NaN" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "reproduction", "figure5-compact.png")));
        Assert.DoesNotContain("The paper schedule", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_well_formed_and_refers_to_nothing_outside_itself()
    {
        var reproduction = new ReproductionFolder(folder, ReproductionSchedule.Compact);
        ReproductionReport.Write(reproduction, ReproductionPlan.Find(["all"]), Results(), ReproductionPlan.Seeds);
        string html = File.ReadAllText(Path.Combine(folder, ReproductionReport.Page));
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        var page = XDocument.Load(reader).Root!;
        Assert.All(page.Descendants("img"), image => Assert.StartsWith("data:image/png;base64,", image.Attribute("src")!.Value, StringComparison.Ordinal));
        Assert.All(page.Descendants("a"), link => Assert.Contains(page.Descendants(), element => element.Attribute("id")?.Value == link.Attribute("href")!.Value[1..]));
        foreach (string file in new[] { "table1.md", "table1.csv", "table1.json", "figure9.png", "figure9.svg", "figure9-figure.csv", "figure5-figure.csv" }) Assert.True(File.Exists(Path.Combine(folder, file)), file);
    }

    [Fact]
    public void Evidence_counts_comparisons_and_names_those_that_fail()
    {
        var claim = new Claim("4.1.1", "A claim.", "", [Comparison.Less("thresholded-laplacian-j1", "gaussian-j1", MetricNames.ObjectiveTable1), Comparison.Within("thresholded-laplacian-j1", MetricNames.ActiveFraction, 0.2)]);
        Assert.Equal("1 of 2 comparisons hold; these do not: active fraction of thresholded-laplacian-j1 0.1 ≥ 0.2 in 0 of 3 seeds", ClaimText.Evidence(claim, new(Results())));
    }
}
