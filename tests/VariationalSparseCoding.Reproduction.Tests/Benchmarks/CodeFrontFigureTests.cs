using System.Text.Json.Nodes;
using SkiaSharp;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reporting.Tests;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

public class CodeFrontFigureTests
{
    private static MeasuredCodes Codes(CodeRoute route, int steps, double objective, double microseconds) => new(route, steps, new(objective, 0, 0.1, 0, 20, 1e-3), microseconds);

    private static CodeBenchmarkResult Result(double optimum, double zero, params MeasuredCodes[] codes) => new()
    {
        Experiment = new(),
        SampleCount = 10,
        Draws = 20,
        BatchSize = 5,
        Threads = 1,
        Rounds = 1,
        Codes = [.. codes, Codes(CodeRoute.Converged, 0, optimum, 12), Codes(CodeRoute.ZeroCode, 0, zero, 0)],
    };

    private static readonly CodeBenchmarkResult Usual = Result(90, 130,
        Codes(CodeRoute.Mean, 0, 110, 5), Codes(CodeRoute.Mean, 1, 100, 6), Codes(CodeRoute.Mean, 30, 90, 40),
        Codes(CodeRoute.Fista, 1, 120, 1), Codes(CodeRoute.Fista, 30, 90.1, 30), Codes(CodeRoute.CoordinateDescent, 1, 105, 8));

    [Fact]
    public void Every_way_has_a_line_of_its_colour_and_the_front_its_rings()
    {
        foreach (var style in new[] { FigureStyle.Light, FigureStyle.Dark })
        {
            using SKBitmap picture = Pictures.Decode(CodeFrontFigure.Draw(Usual, style));
            var colours = picture.Pixels.CountBy(colour => colour).ToDictionary();
            Assert.Equal((1640, 1040), (picture.Width, picture.Height));
            for (int way = 0; way < 3; way++) Assert.True(colours[style.SeriesColor(way)] > 200, $"way {way}");
            Assert.DoesNotContain(style.SeriesColor(3), colours.Keys);
            Assert.True(colours[style.Ink] > 200, "rings");
        }
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Without_ways_or_distance_there_is_still_a_picture()
    {
        foreach (var result in new[] { Result(90, 130), Result(130, 130), Result(0, 130, Codes(CodeRoute.Fista, 1, 0, 1)), Result(0, 0, Codes(CodeRoute.Fista, 1, 0, 1)) })
        {
            using SKBitmap picture = Pictures.Decode(CodeFrontFigure.Draw(result, FigureStyle.Light));
            Assert.True(Pictures.Ink(picture, picture.Info.Rect, FigureStyle.Light.Background) > 100);
        }
    }

    [Fact]
    public void The_numbers_lie_beside_the_picture()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            CodeBenchmarkReport.Write(folder, Usual);
            Assert.Equal(["codes.csv", "codes.json", "codes.png"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order());
            string[] rows = File.ReadAllLines(Path.Combine(folder, "codes.csv"));
            Assert.Equal("mean,1,100,100,0.1,6,true", rows[2]);
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "codes.json")))!;
            Assert.Equal(rows.Length - 1, json["codes"]!.AsArray().Count);
            Assert.Equal(("coordinate-descent", 105), ((string)json["codes"]![5]!["codes"]!, (double)json["codes"]![5]!["objective"]!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
