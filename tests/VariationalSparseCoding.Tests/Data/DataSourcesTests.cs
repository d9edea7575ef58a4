using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Data;

/// <summary>The table of sources as a program has it that uses this library alone: images are not registered here.</summary>
public class DataSourcesTests
{
    [Theory]
    [InlineData("natural-images")]
    [InlineData("fashion-mnist")]
    [InlineData("celeba")]
    [InlineData("photographs")]
    [InlineData("images.mat")]
    public void A_source_whose_package_is_absent_is_refused_in_a_line_that_names_package_and_call(string source)
    {
        var options = new DataOptions { Source = source };
        var errors = new List<string>();
        // Models that were trained on images are described, loaded and used without them.
        DataSources.Validate(options, errors);
        Assert.Empty(errors);
        foreach (Action open in new Action[] { () => DataSets.Open(options, 0), () => DataSets.Count(options), () => DataSets.Prepare(options), () => DataSets.OpenForEncoding(source, Preprocessing.OfVectors(3)) })
        {
            string refusal = Assert.Throws<InvalidInputException>(open).Message;
            Assert.All([$"'{source}'", "VariationalSparseCoding.Images", "ImageData.Register()"], part => Assert.Contains(part, refusal, StringComparison.Ordinal));
            Assert.DoesNotContain('\n', refusal);
        }
    }

    [Fact]
    public void A_source_is_known_by_its_text_and_need_not_be_there()
    {
        using var folder = new ScratchFolder();
        Assert.IsType<MatrixSource>(DataSources.Find(folder.File("missing.npy")));
        Assert.IsType<MatrixSource>(DataSources.Find(Directory.CreateDirectory(folder.File("folder.NPY")).FullName));
        Assert.IsType<MemorySource>(DataSources.Find("memory"));
        Assert.True(DataSources.IsName("memory"));
        Assert.False(DataSources.IsName("missing.npy"));
        Assert.Contains("this is a folder", Assert.Throws<InvalidInputException>(() => DataSets.Count(new DataOptions { Source = folder.File("folder.NPY") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_in_memory_are_gone()
    {
        var options = new DataOptions { Source = DataOptions.Memory, ValidationSamples = 0 };
        Assert.Contains("are gone", Assert.Throws<InvalidInputException>(() => DataSets.Open(options, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("are gone", Assert.Throws<InvalidInputException>(() => DataSets.Count(options)).Message, StringComparison.Ordinal);
        Assert.Contains("by its name", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding(DataOptions.Memory, Preprocessing.OfVectors(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_matrix_are_counted_from_its_header()
    {
        using var folder = new ScratchFolder();
        // Values that nobody wrote: 2 GB that take no room and would take seconds to read.
        const int rows = 500_000, columns = 1000;
        string path = folder.File("large.npy");
        using (var file = File.Create(path))
        {
            NpyHeader.Write(file, NpyHeader.Float32, rows, columns);
            file.SetLength(file.Length + (long)rows * columns * sizeof(float));
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new SampleCount(rows), DataSets.Count(new DataOptions { Source = path }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task Sources_are_registered_once_from_any_thread_and_are_then_data_of_runs()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DataSources.Register(new Ramp(), new Ramp()))));
        var ramp = Assert.Single(DataSources.All, source => source is Ramp);
        Assert.Same(ramp, DataSources.Find("ramp"));
        Assert.True(DataSources.IsName("ramp"));

        var options = new DataOptions { Source = "ramp", TrainSamples = 4, ValidationSamples = 2, Normalisation = Normalisation.None };
        var fitted = DataSets.Count(options).Fit(options, validationIsGiven: true);
        Assert.Equal((3, 2), (fitted.TrainSamples, fitted.ValidationSamples));
        using var split = DataSets.Open(options, 0);
        Assert.Equal((4, 2, 2), (split.Train.Count, split.Validation.Count, split.Train.Dimension));

        var errors = new List<string>();
        DataSources.Validate(options with { Flip = true, Channels = 1, ImageSize = 8, SkipBadImages = true, Root = "/data" }, errors);
        Assert.Equal(["data.imageSize", "data.channels", "data.flip", "data.skipBadImages", "data.root"], errors.Select(error => error[..error.IndexOf(' ', StringComparison.Ordinal)]));
    }

    /// <summary>A data source as another project adds it.</summary>
    private sealed class Ramp : DataSource
    {
        public override string Name => "ramp";

        public override string Summary => "numbers that count up";

        public override SampleCount Count(DataOptions options) => new(5);

        public override DataSplit Open(DataOptions options, ulong seed)
        {
            var preprocessing = Preprocessing.OfVectors(2);
            float[] values = [.. Enumerable.Range(0, 2 * (options.TrainSamples + options.ValidationSamples)).Select(i => (float)i)];
            return new(new MemorySet(values.AsMemory(0, 2 * options.TrainSamples), preprocessing), new MemorySet(values.AsMemory(2 * options.TrainSamples), preprocessing), preprocessing);
        }
    }

    [Fact]
    public void All_faulty_options_are_reported_together()
    {
        var errors = new List<string>();
        new DataOptions().Validate(errors);
        Assert.Empty(errors);
        var faulty = new DataOptions { Source = " ", PatchSize = 0, TrainSamples = 0, ValidationSamples = -1 };
        faulty.Validate(errors);
        Assert.Equal(4, errors.Count);
        Assert.Contains("data.patchSize is 0", Assert.Throws<InvalidInputException>(() => DataSets.Open(faulty, 0)).Message, StringComparison.Ordinal);
    }
}
