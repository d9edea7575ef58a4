using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Serialization;

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
        var (tensors, metadata) = Safetensors.Read(path);
        var (experiment, preprocessing) = Describe(path, tensors, metadata);
        var model = new SparseCodingModel(experiment with { Compute = experiment.Compute with { Device = device } }, preprocessing);
        try
        {
            Load(path, tensors, TensorState.Of([.. model.Parameters, .. model.Buffers]));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What a file says of its model, beside the parameters.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="metadata">Its strings.</param>
    /// <exception cref="InvalidInputException">The file is damaged or holds no model.</exception>
    public static (Experiment Experiment, Preprocessing Preprocessing) Describe(
        string path, IReadOnlyDictionary<string, StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(ExperimentKey, out string? experiment) || !metadata.TryGetValue(PreprocessingKey, out string? preprocessing))
            throw new InvalidInputException($"{path}: holds no model (its metadata has no experiment and preprocessing).");
        return (ReadExperiment(path, experiment), Preprocessing.From(preprocessing, tensors, path));
    }

    private static Experiment ReadExperiment(string path, string json)
    {
        try
        {
            return ExperimentJson.Resolve(path, ExperimentJson.ParseObject(path, System.Text.Encoding.UTF8.GetBytes(json)));
        }
        catch (InvalidInputException error)
        {
            // Errors are listed for who writes an experiment; here the file is damaged.
            throw new InvalidInputException(ExperimentJson.OneLine(error.Message), error);
        }
    }

    /// <summary>Makes sure that a model meets the data that it was trained on.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="trained">The model's preprocessing.</param>
    /// <param name="opened">The preprocessing of the data as it is now.</param>
    /// <exception cref="InvalidInputException">The data is another.</exception>
    public static void RequireSameData(string path, Preprocessing trained, Preprocessing opened)
    {
        if (!trained.Matches(opened)) throw new InvalidInputException($"{path}: was trained on other data: put the data back as it was, or start a new run.");
    }

    /// <summary>Copies the tensors of a file into tensors of the same names.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="saved">What the file holds.</param>
    /// <param name="targets">What is to be filled; each must be there with its shape and type, and finite.</param>
    /// <exception cref="InvalidInputException">A tensor is missing or does not fit; nothing was changed.</exception>
    public static void Load(string path, IReadOnlyDictionary<string, StoredTensor> saved, IEnumerable<StateTensor> targets)
    {
        var pairs = targets.Select(target => (Target: target, Saved: saved.GetValueOrDefault(target.Name))).ToList();
        foreach (var (target, found) in pairs)
        {
            if (found is null) throw new InvalidInputException($"{path}: the tensor '{target.Name}' is missing; the file is damaged or of another version.");
            if (!found.IsLike(target)) throw new InvalidInputException($"{path}: the tensor '{target.Name}' is {found.Form}, expected {target.Form}.");
            if (!found.IsFinite) throw new InvalidInputException($"{path}: the tensor '{target.Name}' holds values that are not finite.");
        }
        foreach (var (target, found) in pairs) target.Write(found!.Read());
    }
}
