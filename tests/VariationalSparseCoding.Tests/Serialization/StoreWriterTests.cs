using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class StoreWriterTests
{
    private const int Dimension = 3;

    private static StoreDescription Description(string type = StoreDescription.Float32) => new()
    {
        Dimension = Dimension,
        Type = type,
        Model = new("model.onnx", new string('0', 64)),
        Tensor = "hidden",
        Source = new JsonObject { ["text"] = "glosses.tsv", ["window"] = 128 },
        Created = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero),
    };

    private static float[] Rows(int count) => [.. Enumerable.Range(0, count * Dimension).Select(i => MathF.Sin(i))];

    // Two rows of float32 in a shard.
    private const long ShardBytes = 2 * Dimension * sizeof(float);

    [Fact]
    public void Rows_come_in_shards_of_the_stated_size_and_the_last_is_shorter()
    {
        using var folder = new ScratchFolder();
        var writer = StoreWriter.Create(folder.Path, Description(), ShardBytes);
        writer.Append(Rows(5));
        Assert.Equal(4, writer.WrittenRows);
        writer.Complete();

        var read = StoreDescription.Read(folder.Path);
        Assert.Equal(5, read.Count);
        Assert.True(read.Complete);
        Assert.Equal([new("activations-00000.safetensors", 2), new("activations-00001.safetensors", 2), new("activations-00002.safetensors", 1)], read.Shards);
        Assert.Equal(Description().Model, read.Model);
        Assert.Equal("""{"text":"glosses.tsv","window":128}""", read.Source!.ToJsonString());
        Assert.Equal(Rows(5), read.Shards.SelectMany(shard => Safetensors.Read(folder.File(shard.File)).Tensors["activations"].Floats.ToArray()));
    }

    [Fact]
    public void The_description_has_the_documented_keys()
    {
        using var folder = new ScratchFolder();
        var writer = StoreWriter.Create(folder.Path, Description(StoreDescription.Float16), ShardBytes);
        writer.Append(Rows(1));
        writer.Complete();
        var json = JsonNode.Parse(InputFile.ReadBytes(folder.File("store.json")))!.AsObject();
        Assert.Equal(["format", "version", "dimension", "count", "complete", "type", "shards", "model", "tensor", "source", "created"], json.Select(pair => pair.Key));
        Assert.Equal("""[{"file":"activations-00000.safetensors","rows":1}]""", json["shards"]!.ToJsonString());
        Assert.Equal(("vsc-store", 1, 3, "float16"), ((string)json["format"]!, (int)json["version"]!, (int)json["dimension"]!, (string)json["type"]!));
    }

    [Fact]
    public void Float16_is_rounded_to_nearest_and_refuses_what_it_cannot_hold()
    {
        using var folder = new ScratchFolder();
        var writer = StoreWriter.Create(folder.Path, Description(StoreDescription.Float16), 6);
        float[] values = [1f / 3, -65504f, 6e-8f];
        writer.Append(values);
        Assert.Equal(values.Select(value => (Half)value), MemoryMarshal.Cast<byte, Half>(Safetensors.Read(folder.File("activations-00000.safetensors")).Tensors["activations"].Read()).ToArray());
        string refusal = Assert.Throws<InvalidInputException>(() => writer.Append([0, 70000, 0])).Message;
        Assert.Contains("row 1, column 1 is 70000, more than float16 holds", refusal, StringComparison.Ordinal);
        Assert.Contains("column 2 is NaN", Assert.Throws<InvalidInputException>(() => writer.Append([0, 0, float.NaN])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_was_stopped_and_resumed_is_the_same()
    {
        using var whole = new ScratchFolder();
        using var stopped = new ScratchFolder();
        var writer = StoreWriter.Create(whole.Path, Description(), ShardBytes);
        writer.Append(Rows(7));
        writer.Complete();

        StoreWriter.Create(stopped.Path, Description(), ShardBytes).Append(Rows(5));
        Assert.False(StoreDescription.Read(stopped.Path).Complete);
        var resumed = StoreWriter.Resume(stopped.Path, ShardBytes);
        Assert.Equal(4, resumed.WrittenRows);
        resumed.Append(Rows(7).AsSpan((int)resumed.WrittenRows * Dimension));
        resumed.Complete();

        string[] names = [.. Directory.GetFiles(whole.Path).Select(Path.GetFileName).Order()!];
        Assert.Equal(names, Directory.GetFiles(stopped.Path).Select(Path.GetFileName).Order());
        Assert.All(names, name => Assert.Equal(InputFile.ReadBytes(whole.File(name)), InputFile.ReadBytes(stopped.File(name))));
        Assert.True(StoreWriter.Resume(stopped.Path, ShardBytes).IsComplete);
    }

    [Fact]
    public void What_is_there_is_not_replaced_and_what_is_damaged_is_named()
    {
        using var folder = new ScratchFolder();
        StoreWriter.Create(folder.Path, Description(), ShardBytes).Append(Rows(4));
        Assert.Contains("a store in this folder already", Assert.Throws<InvalidInputException>(() => StoreWriter.Create(folder.Path, Description())).Message, StringComparison.Ordinal);
        Assert.Contains("shards of the same size", Assert.Throws<InvalidInputException>(() => StoreWriter.Resume(folder.Path, 2 * ShardBytes)).Message, StringComparison.Ordinal);
        byte[] shard = InputFile.ReadBytes(folder.File("activations-00001.safetensors"));
        folder.Write("activations-00001.safetensors", shard[..^1]);
        Assert.Contains("activations-00001.safetensors", Assert.Throws<InvalidInputException>(() => StoreWriter.Resume(folder.Path, ShardBytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"format":"other","version":1,"dimension":3,"count":0,"type":"float32","shards":[]}""", "the format is 'other'")]
    [InlineData("""{"format":"vsc-store","version":2,"dimension":3,"count":0,"type":"float32","shards":[]}""", "the version is 2")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":0,"count":0,"type":"float32","shards":[]}""", "dimension 0")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":3,"count":0,"type":"int8","shards":[]}""", "the type is 'int8'")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":3,"count":2,"type":"float32","shards":[{"file":"a","rows":1}]}""", "the count is 2")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":3,"count":1,"type":"float32","shards":[{"file":"../a","rows":1}]}""", "'../a' is not the name")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":3,"count":0,"type":"float32","shards":null}""", "store.json")]
    [InlineData("""{"format":"vsc-store","version":1,"dimension":3,"count":0,"type":"float32","shards":[null]}""", "store.json")]
    [InlineData("[]", "store.json")]
    public void A_description_that_contradicts_itself_is_refused(string json, string named)
    {
        using var folder = new ScratchFolder();
        folder.Write("store.json", System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Contains(named, Assert.Throws<InvalidInputException>(() => StoreDescription.Read(folder.Path)).Message, StringComparison.Ordinal);
    }
}
