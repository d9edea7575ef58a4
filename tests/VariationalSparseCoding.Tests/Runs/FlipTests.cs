using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;

namespace VariationalSparseCoding.Tests.Runs;

/// <summary>A file knows when it is damaged: one flipped bit at each of 1,000 places of a model or a checkpoint is found when it is loaded.</summary>
[Collection(WholeProcess.Name)]
public sealed class FlipTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A model, saved.</summary>
    private string Save(string method = "thresholded-laplacian", double lambda = 0.2)
    {
        using var coder = new SparseCoder(new() { Method = method, Atoms = 12, Epochs = 2, Draws = 2, BatchSize = 10, Threads = 1, Lambda = lambda });
        coder.Fit((float[])[.. Enumerable.Range(0, 60 * 6).Select(i => (float)Math.Sin(i * i))], 6);
        string path = folder.File("model.safetensors");
        coder.Save(path);
        return path;
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("spike-and-slab")]
    [InlineData("thresholded-gaussian-gamma")]
    [InlineData("fista")]
    public void Every_flip_of_a_saved_model_is_found(string method)
    {
        string path = Save(method);
        Flips.AllFound(path, Flips.HeaderOf(path), () => SparseCoder.Load(path).Dispose());
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("fista")]
    public void Every_flip_of_a_checkpoint_is_found(string method)
    {
        var experiment = TinyRun.Describe(folder, method);
        using var state = TinyRun.NewState(experiment);
        string path = folder.File("step-000000000.safetensors");
        Checkpoint.Write(path, state);
        Flips.AllFound(path, Flips.HeaderOf(path), () => Checkpoint.Read(path, Safetensors.Read(path), state));
    }

    [Fact]
    public void A_checksum_that_is_hit_itself_does_not_pass_for_a_file_without_one()
    {
        string path = Save();
        int place = File.ReadAllBytes(path).AsSpan().IndexOf("\"checksum\":\"crc32c:"u8), length = "\"checksum\":\"crc32c:00000000\"".Length;
        Assert.True(place > 0);
        Flips.AllFound(path, Flips.HeaderOf(path), () => SparseCoder.Load(path).Dispose(), Enumerable.Range(8 * place, 8 * length).Select(bit => (long)bit));
    }

    [Fact]
    public void The_newest_checkpoint_gives_way_wherever_it_is_hit()
    {
        var experiment = TinyRun.Describe(folder);
        string run = folder.File("run");
        RunFolder.Create(run, experiment).Dispose();
        using (var state = TinyRun.NewState(experiment))
            foreach (int step in new[] { 6, 12 })
            {
                state.StepsDone = step;
                Checkpoint.Write(Path.Combine(run, "checkpoint", FormattableString.Invariant($"step-{step:D9}.safetensors")), state);
            }
        string newest = Path.Combine(run, "checkpoint", "step-000000012.safetensors");
        Flips.AllFound(newest, Flips.HeaderOf(newest), () =>
        {
            List<string> lines = [];
            using var opened = RunFolder.Open(run);
            opened.Notice = lines.Add;
            string used = opened.NewestCheckpoint!;
            if (used == newest) return;
            Assert.EndsWith("step-000000006.safetensors", used, StringComparison.Ordinal);
            Assert.EndsWith("the checkpoint before it is used", Assert.Single(lines), StringComparison.Ordinal);
            throw new InvalidInputException(lines[0]);
        });
    }

    [Fact]
    public void A_file_without_a_checksum_loads_with_a_note()
    {
        string path = Save(), other = folder.File("other.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        // As another program would write it that knows nothing of checksums.
        "\"anything\":\"abcdef:"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("\"checksum\":\"crc32c:"u8)));
        File.WriteAllBytes(other, bytes);
        using var loaded = SparseCoder.Load(path);
        using var noted = SparseCoder.Load(other);
        Assert.Empty(loaded.Notes);
        Assert.StartsWith(other + ": carries no checksum", Assert.Single(noted.Notes), StringComparison.Ordinal);
        using var old = SparseCoder.Load(Version01.File("saved", "coder.safetensors"));
        Assert.Contains("version 0.1", Assert.Single(old.Notes), StringComparison.Ordinal);
        string again = folder.File("again.safetensors");
        old.Save(again);
        using var renewed = SparseCoder.Load(again);
        Assert.Empty(renewed.Notes);
    }

    /// <summary>Parameters that a checksum cannot find fault with, because they were saved so.</summary>
    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-gaussian")]
    [InlineData("gaussian")]
    [InlineData("spike-and-slab")]
    [InlineData("fista")]
    public void A_code_that_is_not_finite_is_never_given_out(string method)
    {
        string path = Save(method), spoiled = folder.File("spoiled.safetensors");
        var (tensors, metadata) = Safetensors.Read(path);
        float[] x = [.. Enumerable.Range(0, 5 * 6).Select(i => (float)Math.Cos(i * i))];
        int refused = 0;
        foreach (var spoilt in tensors.Values.Where(tensor => !tensor.Name.StartsWith("momentum", StringComparison.Ordinal)))
            foreach (float value in new[] { float.MaxValue, -float.MaxValue, 1e30f, float.Epsilon })
            {
                byte[] numbers = spoilt.Read().ToArray();
                _ = spoilt.Type == SafetensorsType.F64 ? BitConverter.TryWriteBytes(numbers, (double)value) : BitConverter.TryWriteBytes(numbers, value);
                Safetensors.Write(spoiled, tensors.Values.Select(tensor => tensor == spoilt ? new StoredTensor(spoilt.Name, spoilt.Type, spoilt.Shape, numbers) : tensor), metadata);
                foreach (var kind in Enum.GetValues<CodeKind>())
                    try
                    {
                        using var coder = SparseCoder.Load(spoiled);
                        Assert.All(coder.Encode(x, new() { Kind = kind }), code => Assert.True(float.IsFinite(code), $"{spoilt.Name} = {value}, {kind}: {code}"));
                    }
                    catch (InvalidInputException)
                    {
                        refused++;
                    }
            }
        Assert.True(refused > 0, "nothing was spoilt enough");
    }
}
