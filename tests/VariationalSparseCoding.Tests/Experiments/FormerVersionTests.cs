using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

/// <summary>Experiments that version 0.1 wrote are read, and written as it wrote them but for the keys that have new names.</summary>
public class FormerVersionTests
{
    private static readonly string Written = Path.Combine(AppContext.BaseDirectory, "fixtures", "experiments-0.1"), Described = Path.Combine(AppContext.BaseDirectory, "experiments");

    public static IEnumerable<object[]> Files =>
        Directory.EnumerateFiles(Written, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Written, file)).Order(StringComparer.Ordinal).Select(file => new object[] { file });

    [Fact]
    public void The_presets_and_the_compact_files_are_there() => Assert.Equal(19, Files.Count());

    [Theory]
    [MemberData(nameof(Files))]
    public void What_it_wrote_is_what_the_file_of_that_name_describes_but_for_step_sizes_that_adapt(string file)
    {
        var described = Read(Path.Combine(Described, file));
        Assert.Equal(described with { Schedule = described.Schedule with { StepSizes = StepSizes.Fixed } }, Read(Path.Combine(Written, file)));
    }

    [Fact]
    public void A_file_that_names_a_few_settings_only_has_steps_that_adapt()
    {
        Assert.Equal(StepSizes.Adaptive, ExperimentJson.Resolve("file", new JsonObject { ["schedule"] = new JsonObject { ["epochs"] = 3 } }).Schedule.StepSizes);
        Assert.Equal(StepSizes.Fixed, ExperimentJson.Resolve("file", new JsonObject { ["fidelity"] = "published" }).Schedule.StepSizes);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_other_byte_is_as_it_was(string file)
    {
        string path = Path.Combine(Written, file);
        string expected = File.ReadAllText(path).Replace("\"samples\":", "\"draws\":", StringComparison.Ordinal).Replace("\"evaluationSamples\":", "\"evaluationDraws\":", StringComparison.Ordinal);
        expected = Regex.Replace(expected, @"( *)""standardise"": (true|false)\n", match => $"{match.Groups[1]}\"normalisation\": \"{(match.Groups[2].Value == "true" ? "column" : "none")}\",\n{match.Groups[1]}\"tensor\": \"\",\n{match.Groups[1]}\"holdOut\": \"rows\"\n");
        expected = Regex.Replace(expected, @"( *)""dictionaryStepDecay"": .*\n", "$0$1\"stepSizes\": \"fixed\",\n");
        expected = Regex.Replace(expected, @"( *)(""backbone"": ""\w+"")\n", "$1$2,\n$1\"mostUnits\": 0,\n$1\"centred\": true\n");
        expected = Regex.Replace(expected, @"  ""objective"": \{\n", "  \"sparsity\": {\n    \"active\": 0,\n    \"auxiliaryWeight\": 1,\n    \"gateWidth\": 0.3,\n    \"gateWeight\": 0.6,\n    \"gateNoise\": 0,\n    \"gateNoiseEnd\": 0.8,\n    \"twoSided\": false,\n    \"softValues\": false\n  },\n$0");
        Assert.Equal(expected, ExperimentJson.ToJson(Read(path)).ToJsonString(ExperimentJson.Options) + "\n");
    }

    private static Experiment Read(string path) => ExperimentJson.Resolve(path, ExperimentJson.ReadObject(path));
}
