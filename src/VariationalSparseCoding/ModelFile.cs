using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using static TorchSharp.torch;

namespace VariationalSparseCoding;

/// <summary>A trained model as one safetensors file: parameters and preprocessing, with the experiment in the metadata. A checkpoint is such a file too.</summary>
internal static class ModelFile
{
    private const string ExperimentKey = "experiment", PreprocessingKey = "preprocessing";

    /// <summary>The metadata that makes a file of parameters a model.</summary>
    /// <param name="model">The model.</param>
    public static Dictionary<string, string> Metadata(SparseCodingModel model) => new()
    {
        [ExperimentKey] = ExperimentJson.ToJson(model.Experiment).ToJsonString(),
        [PreprocessingKey] = model.Preprocessing.ToJson(),
    };

    /// <summary>Reads the model of a file, with all its parameters.</summary>
    /// <param name="path">The file: a checkpoint.</param>
    /// <param name="device">Where the model goes.</param>
    /// <exception cref="InvalidInputException">The file is damaged or holds no model.</exception>
    public static SparseCodingModel Read(string path, ComputeDevice device = ComputeDevice.Cpu)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(path);
        if (!metadata.TryGetValue(ExperimentKey, out string? experimentText) || !metadata.TryGetValue(PreprocessingKey, out string? preprocessingText))
            throw new InvalidInputException($"{path}: holds no model (its metadata has no experiment and preprocessing).");
        var experiment = ExperimentJson.Resolve(path, ExperimentJson.ParseObject(path, System.Text.Encoding.UTF8.GetBytes(experimentText)));
        var preprocessing = Preprocessing.From(preprocessingText, tensors, path);
        var model = new SparseCodingModel(experiment with { Compute = experiment.Compute with { Device = device } }, preprocessing);
        try
        {
            Load(path, tensors, model.Parameters);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Copies the tensors of a file into tensors of the same names.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="saved">What the file holds.</param>
    /// <param name="targets">What is to be filled; each must be there with its shape and type, and finite.</param>
    /// <exception cref="InvalidInputException">A tensor is missing or does not fit; nothing was changed.</exception>
    public static void Load(string path, IReadOnlyDictionary<string, Tensor> saved, IEnumerable<(string Name, Tensor Value)> targets)
    {
        using var _ = no_grad();
        var pairs = targets.Select(target => (target.Name, target.Value, Saved: saved.GetValueOrDefault(target.Name))).ToList();
        foreach (var (name, value, found) in pairs)
        {
            if (found is null) throw new InvalidInputException($"{path}: the tensor '{name}' is missing; the file is damaged or of another version.");
            if (!found.shape.SequenceEqual(value.shape) || found.dtype != value.dtype)
                throw new InvalidInputException($"{path}: the tensor '{name}' is {found.dtype} [{string.Join(", ", found.shape)}], expected {value.dtype} [{string.Join(", ", value.shape)}].");
            if (!isfinite(found).all().item<bool>()) throw new InvalidInputException($"{path}: the tensor '{name}' holds values that are not finite.");
        }
        foreach (var (_, value, found) in pairs) value.copy_(found!);
    }
}
