using System.Text;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>A folder of SAELens: cfg.json and sae_weights.safetensors.</summary>
internal sealed class SaeLensFormat : CoderFormat
{
    /// <summary>The file of settings.</summary>
    public const string ConfigFile = "cfg.json";

    /// <inheritdoc/>
    public override string Name => "saelens";

    /// <inheritdoc/>
    public override string Title => "SAELens";

    /// <inheritdoc/>
    public override string WeightsFile => "sae_weights.safetensors";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights) => SaeLensArithmetic.Read(CoderConfig.Read(Beside(weights, ConfigFile)), new(weights, Safetensors.Read(weights).Tensors));
}

/// <summary>A safetensors file that was exported here: tensors of SAELens with their settings in the metadata.</summary>
internal sealed class TensorFileFormat : CoderFormat
{
    /// <summary>The key of the settings in the metadata, and the name of their array.</summary>
    public const string ConfigKey = "cfg";

    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    public override string Title => "a safetensors file with settings";

    /// <inheritdoc/>
    public override string WeightsFile => "dictionary.safetensors";

    /// <inheritdoc/>
    public override string FileEnding => ".safetensors";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        var file = Safetensors.Read(weights);
        if (!file.Metadata.TryGetValue(ConfigKey, out string? settings))
            throw InputFile.Malformed(weights, $"its metadata has no settings of a dictionary ('{ConfigKey}')", "name the folder of a dictionary, where its settings lie beside its weights");
        return SaeLensArithmetic.Read(new(weights, ExperimentJson.ParseObject(weights, Encoding.UTF8.GetBytes(settings))), new(weights, file.Tensors));
    }
}

/// <summary>An archive of arrays that was exported here: those of SAELens with their settings as bytes.</summary>
internal sealed class ArrayFileFormat : CoderFormat
{
    /// <inheritdoc/>
    public override string Name => "npz";

    /// <inheritdoc/>
    public override string Title => "an archive of arrays with settings";

    /// <inheritdoc/>
    public override string WeightsFile => "dictionary.npz";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        var arrays = NpzArrays.Read(weights);
        if (!arrays.TryGetValue(TensorFileFormat.ConfigKey, out var settings) || settings.Type != SafetensorsType.U8)
            throw InputFile.Malformed(weights, $"it has no array of bytes with the settings of a dictionary ('{TensorFileFormat.ConfigKey}')", "name an archive that was exported here, or the params.npz of Gemma Scope");
        var tensors = new SharedTensors(weights, arrays);
        tensors.Ignore(TensorFileFormat.ConfigKey);
        return SaeLensArithmetic.Read(new(weights, ExperimentJson.ParseObject(weights, settings.Read().ToArray())), tensors);
    }
}
