using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Serialization;

public sealed class TensorBoardEventsTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string[] Files => [.. Directory.GetFiles(folder.File("events")).Order(StringComparer.Ordinal)];

    [Fact]
    public void Scalars_can_be_read_by_the_formats_definition()
    {
        double before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var written = new TensorBoardEvents(folder.File("events"));
        written.Add(0, [("train/loss", 1.5f)]);
        written.Add(300, [("train/loss", float.NaN), ("a name of more than 127 bytes: " + new string('é', 100), -0f)]);
        written.Add(1L << 40, []);
        written.Add(1L << 40, [("state/norm", float.Epsilon)]);

        var events = TensorBoardReader.Read(File.ReadAllBytes(Files.Single()));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Null(events[0].Tag);
        Assert.Equal([(0, "train/loss", 1.5f), (300, "train/loss", float.NaN), (300, "a name of more than 127 bytes: " + new string('é', 100), -0f), (1L << 40, "state/norm", float.Epsilon)],
            events[1..].Select(scalar => (scalar.Step, scalar.Tag!, scalar.Value!.Value)));
        Assert.All(events, one => Assert.InRange(one.WallTime, before, before + 600));
    }

    [Fact]
    public void Writers_of_one_folder_have_files_of_their_own_in_the_order_of_their_names()
    {
        foreach (float value in new[] { 1f, 2f }) new TensorBoardEvents(folder.File("events")).Add(1, [("a", value)]);
        Assert.All(Files, file => Assert.StartsWith("events.out.tfevents.", Path.GetFileName(file), StringComparison.Ordinal));
        Assert.Equal([1f, 2f], Files.Select(file => TensorBoardReader.Read(File.ReadAllBytes(file))[1].Value!.Value));
    }

    [Theory]
    [InlineData("tensorboard-1.events")]
    [InlineData("tensorboard-2.events")]
    public void Files_are_those_of_version_0_1_but_for_the_time(string name)
    {
        byte[] old = File.ReadAllBytes(Version01.File("thresholded-laplacian-gamma", name));
        var expected = TensorBoardReader.Read(old);
        Assert.True(expected.Count > 5);
        var written = new TensorBoardEvents(folder.File("events"));
        foreach (var scalar in expected[1..]) written.Add(scalar.Step, [(scalar.Tag!, scalar.Value!.Value)]);
        byte[] made = File.ReadAllBytes(Files.Single());
        Assert.Equal(expected.Select(one => one with { WallTime = 0 }), TensorBoardReader.Read(made).Select(one => one with { WallTime = 0 }));
    }
}
