using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Runs;

/// <summary>Experiments of which little more is said than the data.</summary>
internal static class ExperimentDefaults
{
    private const string BatchSize = "schedule.batchSize";

    // A batch that every set of samples can fill, and samples that can fill every batch.
    private const int SmallBatch = 2, ManySamples = 1 << 20;

    /// <summary>
    /// Completes settings: a preset under them, by default the one that suits the data; where data is named without a number of training samples, all rows of a matrix and all
    /// images, or as many patches as the preset's, if there are so many; and what follows from the samples' size and the run's length, by <see cref="DerivedSettings"/>.
    /// </summary>
    /// <param name="source">What to name in errors, such as "command line".</param>
    /// <param name="settings">A partial experiment, with the keys of <see cref="ExperimentJson.ToJson"/>.</param>
    /// <param name="preset">
    /// The preset; null: that of the data source, or else <see cref="Presets.Quick"/>, unless the settings give a number of epochs for the paper's data.
    /// </param>
    /// <exception cref="InvalidInputException">Something is wrong, and the message lists every error, one a line; or the data cannot be read.</exception>
    public static Experiment Resolve(string source, JsonObject settings, Preset? preset = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var data = settings["data"] as JsonObject;
        var chosen = preset ?? PresetOf(data) ?? (IsNamed(data) && (settings["schedule"] as JsonObject)?["epochs"] is not null ? null : Presets.Quick);
        List<JsonObject> layers = chosen is null ? [settings] : [Described(chosen.Layer(), settings), settings];
        return Derived(source, Counted(source, layers, [settings]), chosen, [settings]);
    }

    /// <summary>
    /// Completes the experiment of a file. Its paths are relative to its own folder. Where it names data without a number of training samples, the samples are counted,
    /// and what it does not set is derived, as in <see cref="Resolve"/>. A file that a run has recorded sets everything.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What is laid over the file.</param>
    /// <exception cref="InvalidInputException">Something is wrong, and the message lists every error, one a line; or the data cannot be read.</exception>
    public static Experiment ResolveFile(string path, JsonObject settings)
    {
        var layer = ExperimentJson.ReadObject(path);
        if (layer["data"] is JsonObject data)
            foreach (string key in new[] { "source", "root" })
                if (data[key] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 && !DataSources.IsName(text))
                    data[key] = Path.GetFullPath(text, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return Derived(path, Counted(path, [layer, settings], [layer, settings]), null, [layer, settings]);
    }

    private static bool IsNamed(JsonObject? data) => DataSources.IsName(SourceOf(data));

    private static string SourceOf(JsonObject? data) => data?["source"] is JsonValue value && value.TryGetValue(out string? text) ? text : DataOptions.NaturalImages;

    /// <summary>Carries a preset or defaults over to the data and length of a run.</summary>
    /// <param name="source">What to name in errors.</param>
    /// <param name="described">The experiment.</param>
    /// <param name="preset">The preset that it is based on, or null.</param>
    /// <param name="given">What a person has set.</param>
    private static Experiment Derived(string source, Experiment described, Preset? preset, JsonObject[] given)
    {
        // What the authors' code does on the data that the paper has used stays as it is.
        bool keepsSchedule = DataSources.IsName(described.Data.Source) && described.Fidelity == Fidelity.Published;
        var derived = new DerivedSettings(described, IsGiven).From(preset, DataSets.Dimension(described.Data), keepsSchedule);
        return derived.Validate() is { Count: > 0 } errors ? throw new InvalidInputException($"{source}: {string.Join("; ", errors)}") : derived;

        bool IsGiven(string key) => Array.Exists(given, layer => key.Split('.').Aggregate((JsonNode?)layer, (node, name) => (node as JsonObject)?[name]) is not null);
    }

    // Presets say how many samples they take of their own data only.
    private static Experiment Counted(string source, List<JsonObject> layers, JsonObject[] given)
    {
        if (IsGiven("data", "source") && !IsGiven("data", "normalisation") && !IsGiven("data", "standardise") && DataSources.Find(SourceOf(given)) is { IsStore: true } store)
            layers.Insert(layers.Count - given.Length, new() { ["data"] = new JsonObject { ["normalisation"] = ExperimentJson.Name(store.Normalisation) } });
        bool validationIsGiven = IsGiven("data", "validationSamples"), batchIsGiven = IsGiven("schedule", "batchSize");
        if (!IsGiven("data", "trainSamples"))
        {
            // What batches there can be is known when the samples are counted.
            if (IsGiven("data", "source")) layers.Add(Counts(ExperimentJson.Resolve(source, batchIsGiven ? [.. layers, Layer(BatchSize, SmallBatch)] : [.. layers]), validationIsGiven, batchIsGiven));
        }
        else
        {
            if (!batchIsGiven) layers.Add(Layer(BatchSize, FittingBatch(source, layers)));
            if (!validationIsGiven && ExperimentJson.Resolve(source, [.. layers]).Data is var wanted)
                layers.Add(Layer("data.validationSamples", DataSets.Count(wanted).FitValidation(wanted).ValidationSamples));
        }
        return ExperimentJson.Resolve(source, [.. layers]);

        bool IsGiven(string section, string key) => Array.Exists(given, layer => (layer[section] as JsonObject)?[key] is not null);

        static string SourceOf(JsonObject[] given) => ExperimentDefaults.SourceOf(Array.FindLast(given, layer => (layer["data"] as JsonObject)?["source"] is not null)!["data"] as JsonObject);
    }

    private static Preset? PresetOf(JsonObject? data) =>
        DataSources.Find(SourceOf(data))?.Preset(ofWholeImages: data?["imageSize"] is not null) is { } name ? Presets.Parse(name) : null;

    // A preset's description is true of runs that differ from it in nothing but chance and machine.
    private static JsonObject Described(JsonObject layer, JsonObject settings)
    {
        if (settings.Any(setting => setting.Key is not ("seed" or "compute"))) layer.Remove("description");
        return layer;
    }

    /// <summary>The usual size of batches, or the number of samples where a person wants fewer: batches that nobody asked for are not that person's mistake.</summary>
    private static int FittingBatch(string source, List<JsonObject> layers)
    {
        int samples = ExperimentJson.Resolve(source, [.. layers, Layer(BatchSize, SmallBatch)]).Data.TrainSamples;
        return Math.Min(samples, ExperimentJson.Resolve(source, [.. layers, Layer("data.trainSamples", ManySamples)]).Schedule.BatchSize);
    }

    private static JsonObject Layer(string path, int value)
    {
        var layer = new JsonObject();
        ExperimentJson.Set(layer, path, value);
        return layer;
    }

    private static JsonObject Counts(Experiment wanted, bool validationIsGiven, bool batchIsGiven)
    {
        var fitted = DataSets.Count(wanted.Data).Fit(wanted.Data, validationIsGiven);
        var layer = new JsonObject();
        ExperimentJson.Set(layer, "data.trainSamples", fitted.TrainSamples);
        ExperimentJson.Set(layer, "data.validationSamples", fitted.ValidationSamples);
        if (!batchIsGiven) ExperimentJson.Set(layer, BatchSize, Math.Min(wanted.Schedule.BatchSize, fitted.TrainSamples));
        return layer;
    }
}
