using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Tests;

/// <summary>What is trained on data of which little more is said than its name.</summary>
public class ExperimentDefaultsTests
{
    private static Experiment Resolve(string settings, Preset? preset = null) => ExperimentDefaults.Resolve("test", JsonNode.Parse(settings)!.AsObject(), preset);

    private static string Quoted(string text) => JsonValue.Create(text)!.ToJsonString();

    [Fact]
    public void Nothing_said_is_the_quick_preset_and_its_description()
    {
        var quick = ExperimentJson.Resolve("quick", Presets.Quick.Layer());
        Assert.Equal(quick, Resolve("{}"));
        Assert.Equal(quick with { Seed = 7 }, Resolve("""{"seed": 7}"""));
        Assert.Equal(quick with { Objective = quick.Objective with { Lambda = 3 }, Description = "" }, Resolve("""{"objective": {"lambda": 3}}"""));
        Assert.Equal("mine", Resolve("""{"description": "mine", "objective": {"lambda": 3}}""").Description);
        // With a length of one's own, the warm-up takes a tenth of it; as published, it is the method's.
        var schedule = MethodTable.Default.Defaults().Schedule;
        Assert.Equal(schedule with { Epochs = 2, WarmUp = new() { Start = 0, Increment = 0.9 / 40 }, Temperature = new() { Decay = Math.Pow(0.5, 1.0 / 40) } }, Resolve("""{"schedule": {"epochs": 2}}""").Schedule);
        Assert.Equal(MethodTable.Default.Defaults(Fidelity.Published).Schedule with { Epochs = 2 }, Resolve("""{"fidelity": "published", "schedule": {"epochs": 2}}""").Schedule);
    }

    [Fact]
    public void Patches_of_the_papers_size_have_the_papers_settings_and_others_those_of_their_size()
    {
        foreach (var method in MethodTable.OfPaper)
        {
            foreach (string fidelity in new[] { "equations", "published" })
            {
                var experiment = Resolve($$"""{"method": "{{method.Name}}", "fidelity": "{{fidelity}}"}""");
                var expected = ExperimentJson.Resolve("test", Presets.Quick.Layer(), JsonNode.Parse($$"""{"method": "{{method.Name}}", "fidelity": "{{fidelity}}", "description": ""}""")!.AsObject());
                Assert.Equal(expected, experiment);
                Assert.Equal((20, 0.01), (experiment.Objective.Lambda, experiment.Objective.KlWeight));
            }
        }
        Assert.Equal(ExperimentJson.Resolve("sparse-coding", Presets.SparseCoding.Layer()), Resolve("{}", Presets.SparseCoding));
        var small = Resolve("""{"data": {"patchSize": 8}}""");
        Assert.Equal((5, 0.01), (small.Objective.Lambda, small.Objective.KlWeight));
    }

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "experiments"), "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file)).Order(StringComparer.Ordinal)];

    /// <summary>The files of experiments/ say all that their methods use and that would otherwise follow from size and length.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void An_experiment_of_the_repository_means_what_its_file_says(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, file);
        var said = ExperimentJson.Resolve(file, ExperimentJson.ReadObject(path));
        Assert.Equal(Used(said), Used(ExperimentDefaults.ResolveFile(path, [])));

        IEnumerable<(string, string)> Used(Experiment experiment) => ExperimentJson.Settings(experiment).Where(setting => UnusedSettings.ReasonOf(said, setting.Path) is null);
    }

    [Fact]
    public void A_section_that_is_not_an_object_is_named() =>
        Assert.Contains("schedule: must be an object, not 5", Assert.Throws<InvalidInputException>(() => Resolve("""{"schedule": 5}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_longer_run_of_a_preset_stretches_its_warm_up()
    {
        var (preset, longer) = (Resolve("{}", Presets.SparseCoding).Schedule, Resolve("""{"schedule": {"epochs": 96}}""", Presets.SparseCoding).Schedule);
        foreach (long step in new long[] { 0, 1000, 5000, 9600 }) Assert.Equal(preset.KlWarmUp.At(step), longer.KlWarmUp.At(2 * step), 1e-9);
        Assert.Equal(preset.WarmUp, longer.WarmUp);
    }

    [Fact]
    public void A_data_set_brings_its_preset_and_no_more_samples_than_it_has()
    {
        using var folder = new ScratchFolder();
        FashionFiles.Write(folder, 7, 4);
        var experiment = Resolve($$"""{"data": {"source": "fashion-mnist", "root": {{Quoted(folder.Path)}} } }""");
        Assert.Equal((GeneratorKind.Convolutional, 7, 4, 7), (experiment.Generator.Kind, experiment.Data.TrainSamples, experiment.Data.ValidationSamples, experiment.Schedule.BatchSize));
        Assert.Equal("", experiment.Description);
        Assert.Equal(3, Resolve($$"""{"data": {"source": "fashion-mnist", "root": {{Quoted(folder.Path)}}, "validationSamples": 3 } }""").Data.ValidationSamples);
    }

    [Fact]
    public void A_folder_is_patches_or_whole_images_of_a_size()
    {
        using var folder = new ScratchFolder();
        for (int i = 0; i < 12; i++) folder.Write($"{i}.png", TestImages.EncodeGray(TestImages.Noise(20, 20, (uint)i)));
        var patches = Resolve($$"""{"data": {"source": {{Quoted(folder.Path)}} } }""");
        Assert.Equal((GeneratorKind.Linear, 12 * 25 - 50, 50), (patches.Generator.Kind, patches.Data.TrainSamples, patches.Data.ValidationSamples));
        var whole = Resolve($$"""{"data": {"source": {{Quoted(folder.Path)}}, "imageSize": 28 } }""");
        Assert.Equal((GeneratorKind.Convolutional, 10, 2), (whole.Generator.Kind, whole.Data.TrainSamples, whole.Data.ValidationSamples));
    }

    [Fact]
    public void Rows_of_a_matrix_are_counted_unless_their_number_is_given()
    {
        using var folder = new ScratchFolder();
        Npy.Write<float>(folder.File("x.npy"), (float[])[.. Enumerable.Range(0, 600).Select(i => (float)i)], 2);
        string data = Quoted(folder.File("x.npy"));
        var fitted = Resolve($$"""{"data": {"source": {{data}} } }""").Data;
        Assert.Equal((250, 50), (fitted.TrainSamples, fitted.ValidationSamples));
        Assert.Equal(100, Resolve($$"""{"data": {"source": {{data}}, "trainSamples": 100 } }""").Data.TrainSamples);
        // Batches that nobody asked for are no larger than what is there; those that somebody did are refused.
        Assert.Equal((50, 100), (Resolve($$"""{"data": {"source": {{data}}, "trainSamples": 50 } }""").Schedule.BatchSize, Resolve($$"""{"data": {"source": {{data}}, "trainSamples": 200 } }""").Schedule.BatchSize));
        Assert.Contains("100 is more than the 50 training samples", Assert.Throws<InvalidInputException>(() => Resolve($$"""{"data": {"source": {{data}}, "trainSamples": 50 }, "schedule": {"batchSize": 100} }""")).Message, StringComparison.Ordinal);
        Assert.Equal(50, Resolve("""{"data": {"trainSamples": 50, "validationSamples": 10}}""").Schedule.BatchSize);
        Assert.Contains("no such file", Assert.Throws<InvalidInputException>(() => Resolve("""{"data": {"source": "missing.npy"}}""")).Message, StringComparison.Ordinal);
    }
}
