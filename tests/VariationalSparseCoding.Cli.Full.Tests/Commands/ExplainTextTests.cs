using System.Text.Json.Nodes;
using VariationalSparseCoding.Onnx.Tests;

namespace VariationalSparseCoding.Cli.Full.Tests.Commands;

/// <summary>Features of tokens are shown in their texts.</summary>
public sealed class ExplainTextTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private Task<Outcome> Run(string words) => Vsc.Run([.. TinyData.Words(words).Select(word => word.Replace("@", scratch.Path + "/", StringComparison.Ordinal))]);

    [Fact]
    public async Task Tokens_are_marked_in_their_texts_and_labels_counted()
    {
        TinyEncoder.Write(scratch.File("encoder.onnx"));
        TinyEncoder.WriteVocabulary(scratch.File("vocab.txt"));
        string[] texts = ["the cats sat\tanimal", "the mat.\tthing", "cats on the mat\tanimal"];
        File.WriteAllText(scratch.File("texts.tsv"), $"text\tlabel\n{string.Join('\n', Enumerable.Range(0, 30).Select(i => texts[i % texts.Length]))}\n");
        (await Run("collect @encoder.onnx --tensor embedded --text @texts.tsv --column text --label-column label --vocabulary @vocab.txt -o @store")).Succeeded();
        (await Run("train --data @store --method topk --active 1 --atoms 8 --batch-size 16 --epochs 3 --threads 1 -o @run")).Done();

        var outcome = await Run("explain @run --json --top 8");
        outcome.Done();
        var json = JsonNode.Parse(outcome.Output)!;
        Assert.Equal(180, (int)json["rows"]!);
        var rows = json["features"]!.AsArray().SelectMany(feature => feature!["top"]!.AsArray()).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            string[] context = [.. row!["context"]!.AsArray().Select(part => (string)part!)];
            string token = (string)row["token"]!;
            Assert.Equal(token.Replace("##", "", StringComparison.Ordinal), context[1]);
            string whole = string.Concat(context).Replace("[CLS] ", "", StringComparison.Ordinal).Replace(" [SEP]", "", StringComparison.Ordinal);
            Assert.Contains(whole, new[] { "the cats sat", "the mat .", "cats on the mat" });
            Assert.Equal(whole == "the mat ." ? "thing" : "animal", (string)Assert.Single(row["labels"]!.AsArray())!);
        }
        // Equal tokens have equal activations in this layer: each feature's rows are those of few tokens.
        string text = (await Run("explain @run --label thing --top 1")).Succeeded().Output;
        Assert.Contains("«", text, StringComparison.Ordinal);
        Assert.Contains("thing", text, StringComparison.Ordinal);
        (await Run("explain @run --label thing --top 1 -o @page.html")).Succeeded();
        Assert.Contains("<mark>", File.ReadAllText(scratch.File("page.html")), StringComparison.Ordinal);

        // Notes that are not those of the rows are refused.
        File.Copy(scratch.File("store/rows.parquet"), scratch.File("rows.parquet"));
        (await Run("collect @encoder.onnx --tensor embedded --text @texts.tsv --column text --vocabulary @vocab.txt --rows 20 -o @other")).Succeeded();
        File.Copy(scratch.File("rows.parquet"), scratch.File("other/rows.parquet"), overwrite: true);
        (await Run("explain @run 1 --store @other")).Refused("rows.parquet", "180", "20");
    }
}
