using System.Text.Json.Nodes;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Commands;

[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class ExplainCommandTests : IDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly string matrix, run;

    public ExplainCommandTests(TrainedRun trained)
    {
        matrix = trained.Matrix;
        run = TrainedRun.Copy(trained.Run, scratch, "run");
    }

    public void Dispose() => scratch.Dispose();

    private static async Task<JsonObject> Json(params string[] words)
    {
        var outcome = await Vsc.Run(["explain", .. words, "--json"]);
        outcome.Done();
        return JsonNode.Parse(outcome.Output)!.AsObject();
    }

    [Fact]
    public async Task What_is_said_of_a_feature_is_what_its_codes_are()
    {
        var json = await Json(run, "3", "--examples", "4");
        Assert.Equal(["run", "data", "rows", "features"], json.Select(pair => pair.Key));
        var feature = Assert.Single(json["features"]!.AsArray())!.AsObject();
        Assert.Equal(["feature", "count", "rate", "mean_magnitude", "negative_share", "histogram", "top", "range", "nearest", "opposed", "together", "labels"], feature.Select(pair => pair.Key));
        (await Vsc.Run("encode", run, matrix, "-o", scratch.File("codes.npy"))).Succeeded();
        float[] codes = TinyData.Read(scratch.File("codes.npy"));
        int atoms = codes.Length / TinyData.Rows;
        float[] own = [.. Enumerable.Range(0, TinyData.Rows).Select(row => codes[row * atoms + 3])];
        Assert.Equal(own.Count(value => value != 0), (int)feature["count"]!);
        Assert.Equal(own.Count(value => value < 0) / (double)own.Count(value => value != 0), (double)feature["negative_share"]!, 1e-12);
        int[] strongest = [.. Enumerable.Range(0, TinyData.Rows).OrderByDescending(row => Math.Abs(own[row])).Take(4)];
        Assert.Equal(strongest, feature["top"]!.AsArray().Select(row => (int)row!["row"]!));
        Assert.Equal(strongest.Select(row => own[row]), feature["top"]!.AsArray().Select(row => (float)row!["value"]!), (one, other) => Math.Abs(one - other) < 1e-6f);
        Assert.Equal(2, feature["range"]!.AsArray().Count);
        Assert.Equal(7, feature["nearest"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_console_shows_the_same()
    {
        string output = (await Vsc.Run("explain", run, "3,5")).Output;
        foreach (string part in new[] { "feature 3 of 8; 120 rows of ", "feature 5 of 8; ", "active in ", "most active in\n", "from its whole range\n", "█", "nearest atoms (cosine): " }) Assert.Contains(part, output, StringComparison.Ordinal);
        Assert.Equal(output, (await Vsc.Run("explain", run, "3", "5")).Succeeded().Output);
        string list = (await Vsc.Run("explain", run, "--top", "3")).Succeeded().Output;
        Assert.Contains($"3 of 8 features; 120 rows of {matrix}", list, StringComparison.Ordinal);
        Assert.Contains("most active in row", list.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_the_rows_may_be_given()
    {
        (await Vsc.Run("encode", run, matrix, "-o", scratch.File("codes.npy"))).Succeeded();
        float[] codes = TinyData.Read(scratch.File("codes.npy"));
        int atoms = codes.Length / TinyData.Rows;
        File.WriteAllLines(scratch.File("labels.txt"), Enumerable.Range(0, TinyData.Rows).Select(row => codes[row * atoms + 2] != 0 ? "<b>yes" : "no"));
        var feature = (await Json(run, "--labels", scratch.File("labels.txt"), "--label", "<b>yes", "--top", "1"))["features"]![0]!;
        Assert.Equal(2, (int)feature["feature"]!);
        var label = Assert.Single(feature["labels"]!.AsArray())!;
        Assert.Equal(("<b>yes", 1.0), ((string)label["label"]!, (double)label["share"]!));
        Assert.Equal(TinyData.Rows / (double)(int)feature["count"]!, (double)label["lift"]!, 1e-9);
        Assert.Contains("labels it goes with", (await Vsc.Run("explain", run, "2", "--labels", scratch.File("labels.txt"))).Succeeded().Output, StringComparison.Ordinal);

        string page = scratch.File("features.html");
        Assert.Equal(page + "\n", (await Vsc.Run("explain", run, "2", "0", "--labels", scratch.File("labels.txt"), "-o", page)).Succeeded().Output);
        string html = File.ReadAllText(page);
        foreach (string part in new[] { "Feature 2", "Feature 0", "&lt;b&gt;yes", "data:image/png;base64,", "Rows that activate it most" }) Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>yes", html, StringComparison.Ordinal);

        (await Vsc.Run("explain", run, "--label", "maybe", "--labels", scratch.File("labels.txt"))).Refused("maybe", "no");
        (await Vsc.Run("explain", run, "--label", "yes", "--store", matrix)).Failed(ExitCode.BadInput, "yes", "no labels");
        File.WriteAllText(scratch.File("labels.txt"), "one\ntwo\n");
        (await Vsc.Run("explain", run, "2", "--labels", scratch.File("labels.txt"))).Refused("labels.txt", "2 lines", "120 rows");
    }

    [Fact]
    public async Task The_index_is_made_once_and_again_when_model_or_rows_change()
    {
        Assert.NotEqual("", (await Vsc.Run("explain", run, "1")).Error);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(run, "features")));
        (await Vsc.Run("explain", run, "2")).Succeeded();

        // Other rows have an index of their own, which is made anew when they change.
        string other = TinyData.WriteMatrix(scratch, "other.npy", seed: 4, rows: 50);
        Assert.Equal(50, (int)(await Json(run, "1", "--store", other))["rows"]!);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "features")).Length);
        (await Vsc.Run("explain", run, "2", "--store", other)).Succeeded();
        (await Vsc.Run("explain", run, "2")).Succeeded();
        TinyData.WriteMatrix(scratch, "other.npy", seed: 4, rows: 60);
        Assert.Equal(60, (int)(await Json(run, "1", "--store", other))["rows"]!);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "features")).Length);

        // A damaged index is no reason to fail.
        File.WriteAllText(file, "damage");
        Assert.NotEqual("", (await Vsc.Run("explain", run, "1")).Error);
        (await Vsc.Run("resume", run, "--epochs", "4")).Done();
        Assert.NotEqual("", (await Vsc.Run("explain", run, "1")).Error);
        (await Vsc.Run("explain", run, "1")).Succeeded();
        Assert.Empty(TrainedRun.TemporaryFiles(run));
    }

    [Fact]
    public async Task An_index_belongs_to_its_run()
    {
        (await Vsc.Run("explain", run, "1")).Done();
        string file = Assert.Single(Directory.GetFiles(Path.Combine(run, "features")));
        (await Vsc.Run("report", run, "-o", Path.Combine(run, "features", "page.html"))).Refused("page.html", "belongs to the run");
        (await Vsc.Run("explain", run, "1", "-o", file)).Refused(file);
        Assert.True(Safetensors.Read(file).HasChecksum);
    }

    [Theory]
    [InlineData("8", "feature 8", "0 to 7")]
    [InlineData("-1", "-1")]
    [InlineData("x", "features x")]
    [InlineData("1,,2", "features")]
    [InlineData("1 --top 3", "--top")]
    [InlineData("--top 0", "--top 0")]
    [InlineData("1 --examples 0", "--examples 0", "50")]
    [InlineData("1 -o page.txt", "page.txt", ".html")]
    [InlineData("1 --store nothing.npy", "nothing.npy")]
    [InlineData("1 --labels nothing.txt", "nothing.txt")]
    public async Task What_cannot_be_is_refused(string words, params string[] parts)
    {
        var outcome = await Vsc.Run(["explain", run, .. TinyData.Words(words)]);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        foreach (string part in parts) Assert.Contains(part, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patches_are_shown_as_pictures()
    {
        Directory.CreateDirectory(scratch.File("images"));
        for (int i = 0; i < 2; i++) TinyData.WriteImage(scratch.File($"images/{i}.png"), 40, 40, i);
        (await Vsc.Run(TinyData.Train(scratch.File("images"), scratch.File("patches"), "--patch-size", "4"))).Succeeded();
        var json = await Json(scratch.File("patches"), "0");
        // On a grid of the patch size.
        Assert.Equal(200, (int)json["rows"]!);
        string page = scratch.File("page.html");
        (await Vsc.Run("explain", scratch.File("patches"), "0", "-o", page)).Succeeded();
        Assert.Contains("Pictures", File.ReadAllText(page), StringComparison.Ordinal);
    }
}
