using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

[Trait("Category", "Slow")]
public partial class HtmlReportTests
{
    /// <summary>The report is also well-formed XML, which a parser checks more strictly than a browser.</summary>
    private static XElement Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    private static XElement Card(XElement html, string title) =>
        html.Descendants("section").First(section => section.Element("h3")!.Value == title);

    private static string[][] Cells(XElement element) =>
        [.. element.Descendants("tbody").First().Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    [GeneratedRegex(@"(?:src|srcset|href)=""([^""]{0,40})|url\(([^)]*)\)|@import")]
    private static partial Regex References();

    [Fact]
    public void The_report_refers_to_nothing_outside_itself()
    {
        string html = HtmlReport.Render([SampleRuns.Patches(), SampleRuns.Words("other")]);
        Assert.DoesNotContain("//", Regex.Replace(html, "base64,[A-Za-z0-9+/=]+", ""), StringComparison.Ordinal);
        Assert.All(References().Matches(html), match => Assert.Matches("^(data:image/png;base64,|#run-[12]$)", match.Groups[1].Value));
        Assert.DoesNotContain(Parse(html).Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object");
    }

    [Fact]
    public void Every_picture_decodes_and_is_described()
    {
        XElement html = Parse(HtmlReport.Render([SampleRuns.Patches()]));
        XElement[] images = [.. html.Descendants("img")];
        Assert.Equal(8, images.Length);
        Assert.All(images, image => Assert.True(image.Attribute("alt")!.Value.Length > 10));
        foreach (string source in images.Select(image => image.Attribute("src")!.Value).Concat(html.Descendants("source").Select(source => source.Attribute("srcset")!.Value)))
        {
            using SKBitmap picture = Pictures.Decode(Convert.FromBase64String(source["data:image/png;base64,".Length..]));
            Assert.True(picture.Width > 100);
        }
    }

    [Fact]
    public void The_sections_are_all_there()
    {
        XElement html = Parse(HtmlReport.Render([SampleRuns.Words()]));
        Assert.Equal(
            ["What was run", "Result", "Dictionary", "Loss terms during training", "Activity of the atoms", "Reconstructions", "Dead atoms", "What activates the strongest atoms", "Limits", "How to reproduce"],
            html.Descendants("h3").Select(heading => heading.Value));
        Assert.Equal("vsc train experiment.json --out runs/tl-20", Card(html, "How to reproduce").Element("pre")!.Value);
        Assert.Contains("One seed only: no spread is known.", Card(html, "Limits").Value, StringComparison.Ordinal);
        Assert.Equal(["samples J", "20"], Cells(Card(html, "What was run"))[3]);
    }

    [Fact]
    public void The_codes_are_named_and_those_as_trained_stand_beside_them()
    {
        string page = Parse(HtmlReport.Render([SampleRuns.Words() with { CodesName = "MAP code (default codes)", AsTrained = new("best of 20 draws, as trained", 189.5, 3) }])).Value;
        Assert.Contains("Numbers and pictures are of this code: MAP code (default codes).", page, StringComparison.Ordinal);
        Assert.Contains("objective as trained189.5", page, StringComparison.Ordinal);
        Assert.Contains("Under the codes as trained (best of 20 draws, as trained) 3 are never active.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void All_text_is_escaped()
    {
        const string Hostile = "<script>alert(\"x\")</script>&amp;'\"";
        RunReport run = SampleRuns.Words() with
        {
            Name = Hostile,
            Method = Hostile,
            MethodDescription = Hostile,
            Settings = [new(Hostile, Hostile)],
            Environment = [new(Hostile, Hostile)],
            History = [new(1, 1, [new(Hostile, 1)], [new(Hostile, 1)])],
            Notes = [Hostile],
            ReproduceCommand = Hostile,
            Evaluation = new EvaluationTable { L1Weight = 1, SampleCount = 1, Columns = [Hostile], Rows = [new(EvaluationKind.Codes, Hostile, [double.NaN], Hostile)] },
        };
        string html = HtmlReport.Render([run, run with { Settings = [new(Hostile, "other")] }]);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        XElement root = Parse(html);
        Assert.Equal(Hostile, root.Descendants("pre").First().Value);
        Assert.Contains(root.Descendants("img"), image => image.Attribute("alt")!.Value.Contains(Hostile, StringComparison.Ordinal));
    }

    [Fact]
    public void Dead_atoms_are_counted_and_named()
    {
        string few = Card(Parse(HtmlReport.Render([SampleRuns.Words()])), "Dead atoms").Value;
        Assert.Contains("4 of 64 atoms are dead", few, StringComparison.Ordinal);
        Assert.Contains("5, 21, 37, 53", few, StringComparison.Ordinal);
        string all = Card(Parse(HtmlReport.Render([SampleRuns.Words() with { DeadAtoms = [.. Enumerable.Range(0, 64)] }])), "Dead atoms").Value;
        Assert.Contains(string.Join(", ", Enumerable.Range(0, 64)), all, StringComparison.Ordinal);
        string none = Card(Parse(HtmlReport.Render([SampleRuns.Words() with { DeadAtoms = [] }])), "Dead atoms").Value;
        Assert.Contains("None of the 64 atoms is dead", none, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_runs_are_compared_first()
    {
        XElement html = Parse(HtmlReport.Render([SampleRuns.Words("first"), SampleRuns.Words("second", 150.2)]));
        Assert.Equal(["Comparison", "first", "second"], html.Descendants("h2").Select(heading => heading.Value));
        string[][] rows = Cells(Card(html, "Result"));
        Assert.Equal(["118.4", "131.3", "61.7", "yes"], rows[0][1..5]);
        Assert.Equal(["150.2", "131.3", "61.7", "no"], rows[1][1..5]);
        Assert.Empty(Card(html, "Settings that differ").Descendants("tr"));
        XElement other = Parse(HtmlReport.Render([SampleRuns.Words(), SampleRuns.Words() with { Settings = [new("seed", "8")] }]));
        Assert.Contains(Cells(Card(other, "Settings that differ")), row => row is ["seed", "7", "8"]);
    }

    [Fact]
    public void Runs_of_different_weights_are_said_not_to_compare()
    {
        RunReport run = SampleRuns.Words();
        XElement html = Parse(HtmlReport.Render([run, run with { Evaluation = run.Evaluation with { L1Weight = 10 } }]));
        Assert.Contains("cannot be compared", Card(html, "Result").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_written_whole()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vsc-report-");
        try
        {
            string path = Path.Combine(folder.FullName, "new", "report.html");
            HtmlReport.Write(path, [SampleRuns.Words()]);
            Assert.Equal(HtmlReport.Render([SampleRuns.Words()]), File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Runs_that_contradict_themselves_are_refused()
    {
        RunReport run = SampleRuns.Words();
        Assert.ThrowsAny<ArgumentException>(() => HtmlReport.Render([]));
        Assert.Throws<ArgumentException>(() => HtmlReport.Render([run with { DeadAtoms = [64] }]));
        Assert.Throws<ArgumentException>(() => HtmlReport.Render([run with { ActiveFractions = [0.1f] }]));
        Assert.Throws<ArgumentException>(() => HtmlReport.Render([run with { MeanMagnitudes = [0.1f] }]));
        Assert.Throws<ArgumentException>(() => HtmlReport.Render([run with { Evaluation = run.Evaluation with { Columns = ["objective"] } }]));
    }

    public static TheoryData<string, int, int, bool, float> Degenerate => new()
    {
        { "no atoms", 4, 0, true, 1 },
        { "one atom", 4, 1, true, 1 },
        { "one value per sample", 1, 4, true, 1 },
        { "one atom, one value", 1, 1, false, 1 },
        { "no vectors", 4, 0, false, 1 },
        { "vectors", 9, 5, false, 1 },
        { "dead dictionary", 4, 6, true, 0 },
        { "dead vectors", 4, 6, false, 0 },
        { "no numbers", 4, 6, true, float.NaN },
        { "vectors without numbers", 4, 6, false, float.NaN },
        { "infinite", 4, 6, true, float.PositiveInfinity },
        { "many atoms", 16, 1100, true, 0.5f },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void Degenerate_runs_are_reported(string name, int dimension, int atoms, bool patch, float value)
    {
        int side = (int)Math.Sqrt(dimension);
        float[] Filled(int count) => [.. Enumerable.Repeat(value, count)];
        RunReport run = new()
        {
            Name = name,
            Method = "",
            MethodDescription = "",
            Shape = patch ? SampleShape.Patch(side, side) : SampleShape.Vector(dimension),
            Dictionary = new SampleMatrix(Filled(dimension * atoms), dimension, atoms),
            ActiveFractions = Filled(atoms),
            MeanMagnitudes = Filled(atoms),
            DeadAtoms = [.. Enumerable.Range(0, atoms)],
            Reconstructions = new(new(Filled(dimension), 1, dimension), new(Filled(dimension), 1, dimension), [value]),
            StrongestAtoms = [.. Enumerable.Range(0, Math.Min(atoms, 2)).Select(atom => new AtomExamples(atom, new(Filled(dimension), 1, dimension), [value]))],
            Evaluation = new EvaluationTable { L1Weight = value, SampleCount = 0, Columns = ["objective"], Rows = [] },
            ReproduceCommand = "",
        };
        XElement html = Parse(HtmlReport.Render([run]));
        Assert.Equal(["this run's codes", "all-zero code", "FISTA on the same dictionary"], Cells(Card(html, "Result")).Select(row => row[0].Replace("not computed", "", StringComparison.Ordinal)));
        Assert.Contains(name, html.Descendants("h1").Single().Value, StringComparison.Ordinal);
    }
}
