using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Data;

/// <summary>The data source of docs/extending.md.</summary>
public class SineSourceTests
{
    private static readonly DataOptions options = new() { Source = "sines", TrainSamples = 200, ValidationSamples = 20, Normalisation = Normalisation.None };

    public SineSourceTests() => DataSources.Register(new SineSource());

    [Fact]
    public void A_run_trains_on_it()
    {
        using var scratch = new ScratchFolder();
        var defaults = MethodTable.Default.Defaults();
        var experiment = TrainingRun.Resolve(defaults with { Data = options, Generator = defaults.Generator with { Atoms = 24 }, Schedule = defaults.Schedule with { Epochs = 2, BatchSize = 50 } });
        using (var folder = RunFolder.Create(scratch.File("run"), experiment)) TrainingRun.Train(folder, []);
        using var coder = SparseCoder.Load(scratch.File("run"));
        Assert.Equal((16, 24), (coder.Dimension, coder.Atoms));
    }

    [Fact]
    public void Equal_seeds_draw_equal_samples()
    {
        Assert.Equal(Row(1), Row(1));
        Assert.NotEqual(Row(1), Row(2));
        Assert.All(Row(1), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Too_many_samples_are_refused() =>
        Assert.StartsWith("sines: 1000000 + 20 samples are wanted", Assert.Throws<InvalidInputException>(() => DataSets.Open(options with { TrainSamples = 1_000_000 }, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_page_shows_this_source() => ExtendingPage.AssertShows("Data/SineSource.cs");

    private static float[] Row(ulong seed)
    {
        using var split = DataSets.Open(options, seed);
        float[] row = new float[split.Train.Dimension];
        split.Train.CopyRows([7], row);
        return row;
    }
}
