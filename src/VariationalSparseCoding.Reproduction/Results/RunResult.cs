using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Results;

/// <summary>What came of one run of a reproduction: settings, every metric, versions. Small, and all that tables, verdicts and most figures need.</summary>
internal sealed record RunResult
{
    /// <summary>Name of the schedule.</summary>
    public required string Schedule { get; init; }

    /// <summary>Name of the variant.</summary>
    public required string Variant { get; init; }

    /// <summary>The whole experiment, as it was run, with the versions that ran it.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>How the training ended in NaN; null where it did not. Such a run has no metrics.</summary>
    public string? Divergence { get; init; }

    /// <summary>How thoroughly it was measured.</summary>
    public MeasurementOptions Measurement { get; init; } = new();

    /// <summary>Versions of the program that measured it.</summary>
    public string MeasuredWith { get; init; } = "";

    /// <summary>What the Frechet distance is called after the network whose features it compares; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeatureNetwork { get; init; }

    /// <summary>Every number by its name (<see cref="MetricNames"/>).</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Histograms over validation samples in bins of equal width from 0 to 1, by the name of what is counted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Histograms { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>A number; NaN where it was not measured.</summary>
    /// <param name="metric">One of <see cref="MetricNames"/>.</param>
    public double this[string metric] => Find(metric) ?? double.NaN;

    /// <summary>A number, which was measured or follows from those that were; null where it was not measured.</summary>
    /// <param name="metric">One of <see cref="MetricNames"/>.</param>
    public double? Find(string metric)
    {
        if (Metrics.TryGetValue(metric, out double value)) return value;
        if (metric.EndsWith(MetricNames.OverChance, StringComparison.Ordinal))
        {
            string index = metric[..^MetricNames.OverChance.Length];
            return Find(index) / Find(index + MetricNames.Chance);
        }
        return metric switch
        {
            MetricNames.Jaccard + MetricNames.Chance => ChanceOf(MetricNames.ActiveFraction + MetricNames.SingleDraw),
            MetricNames.JaccardAsTrained + MetricNames.Chance => ChanceOf(MetricNames.ActiveFraction),
            _ => null,
        };

        double? ChanceOf(string activity) => Find(activity) is { } active ? JaccardConsistency.OfIndependentSupports(active, Experiment.Generator.Atoms) : null;
    }

    /// <summary>Writes the result whole.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is not a result.</exception>
    public static RunResult Read(string path)
    {
        try
        {
            return InputFile.Read(path, stream => JsonSerializer.Deserialize<RunResult>(stream, Json)) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidInputException)
        {
            throw new InvalidInputException($"{path}: is not a readable result ({PrintableText.Of(error.Message)}); delete it to measure the run again.", error);
        }
    }

    /// <summary>Every result of a folder and the folders in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">The folder is missing, or a file in it cannot be read.</exception>
    public static IReadOnlyList<RunResult> ReadAll(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)]
        : throw new InvalidInputException($"{folder}: no such folder; name the folder 'results' of a reproduction.");

    private static JsonSerializerOptions Json { get; } = new(ExperimentJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new WholeExperiment(), new CountsOnOneLine() },
    };

    /// <summary>Reads an experiment as its own files are read, so that keys of former versions are understood.</summary>
    private sealed class WholeExperiment : JsonConverter<Experiment>
    {
        public override Experiment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return ExperimentJson.Resolve("experiment", ExperimentJson.ParseObject("experiment", Encoding.UTF8.GetBytes(document.RootElement.GetRawText())));
        }

        public override void Write(Utf8JsonWriter writer, Experiment value, JsonSerializerOptions options) => ExperimentJson.ToJson(value).WriteTo(writer, options);
    }

    /// <summary>Writes the counts of a histogram without a line for each.</summary>
    private sealed class CountsOnOneLine : JsonConverter<IReadOnlyList<int>>
    {
        public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[]>(ref reader, options) ?? [];

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options) =>
            writer.WriteRawValue($"[{string.Join(", ", value)}]");
    }
}
