using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Runs;

/// <summary>Experiments of which little more is said than the data.</summary>
internal static class ExperimentDefaults
{
    /// <summary>
    /// Completes settings: a preset under them, by default the one that suits the data; and where data is named without a number of training samples, as many
    /// samples as the preset's, or as there are.
    /// </summary>
    /// <param name="source">What to name in errors, such as "command line".</param>
    /// <param name="settings">A partial experiment, with the keys of <see cref="ExperimentJson.ToJson"/>.</param>
    /// <param name="preset">The preset; null: that of the data source, or else <see cref="Presets.Quick"/> unless the settings give a number of epochs.</param>
    /// <exception cref="InvalidInputException">Something is wrong, and the message lists every error, one a line; or the data cannot be read.</exception>
    public static Experiment Resolve(string source, JsonObject settings, Preset? preset = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var data = settings["data"] as JsonObject;
        var layers = new List<JsonObject>();
        if ((preset ?? PresetOf(data) ?? (settings["schedule"]?["epochs"] is null ? Presets.Quick : null)) is { } chosen) layers.Add(Described(chosen.Layer(), settings));
        layers.Add(settings);
        if (data?["source"] is not null && data["trainSamples"] is null)
            layers.Add(Counts(ExperimentJson.Resolve(source, [.. layers]), validationIsGiven: data["validationSamples"] is not null));
        return ExperimentJson.Resolve(source, [.. layers]);
    }

    private static Preset? PresetOf(JsonObject? data)
    {
        string source = data?["source"] is JsonValue value && value.TryGetValue(out string? text) ? text : DataOptions.NaturalImages;
        return DataSources.Find(source)?.Preset(ofWholeImages: data?["imageSize"] is not null) is { } name ? Presets.Parse(name) : null;
    }

    // A preset's description is true of runs that differ from it in nothing but chance and machine.
    private static JsonObject Described(JsonObject layer, JsonObject settings)
    {
        if (settings.Any(setting => setting.Key is not ("seed" or "compute"))) layer.Remove("description");
        return layer;
    }

    private static JsonObject Counts(Experiment wanted, bool validationIsGiven)
    {
        var fitted = DataSets.Count(wanted.Data).Fit(wanted.Data, validationIsGiven);
        var layer = new JsonObject();
        ExperimentJson.Set(layer, "data.trainSamples", fitted.TrainSamples);
        ExperimentJson.Set(layer, "data.validationSamples", fitted.ValidationSamples);
        ExperimentJson.Set(layer, "schedule.batchSize", Math.Min(wanted.Schedule.BatchSize, fitted.TrainSamples));
        return layer;
    }
}
