using System.Text;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

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

    /// <summary>Creates the model of a file that was read, with all its parameters.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="file">What it holds.</param>
    /// <param name="device">Where the model goes.</param>
    /// <exception cref="InvalidInputException">The file is damaged or holds no model, or the model needs the tensor library.</exception>
    public static SparseCodingModel Model(string source, SafetensorsFile file, ComputeDevice device = ComputeDevice.Cpu)
    {
        var (experiment, preprocessing) = Describe(source, file);
        var model = Engines.CreateEmptyModel(experiment with { Compute = experiment.Compute with { Device = device } }, preprocessing);
        try
        {
            Fill(model, source, file);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Puts the parameters of a file into a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="file">What it holds.</param>
    /// <exception cref="InvalidInputException">A tensor is missing or does not fit; nothing was changed.</exception>
    public static void Fill(SparseCodingModel model, string source, SafetensorsFile file)
    {
        TensorCopy.Fill(model.State, file.Tensors, source);
        model.Changed();
    }

    /// <summary>Says what a file tells of its model, beside the parameters.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="file">What it holds.</param>
    /// <exception cref="InvalidInputException">The file is damaged or holds no model.</exception>
    public static (Experiment Experiment, Preprocessing Preprocessing) Describe(string source, SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(ExperimentKey, out string? experiment) || !file.Metadata.TryGetValue(PreprocessingKey, out string? preprocessing))
            throw new InvalidInputException($"{source}: holds no model (its metadata has no experiment and preprocessing).");
        return (ReadExperiment(source, experiment), Preprocessing.From(preprocessing, file.Tensors, source));
    }

    /// <summary>Writes a file anew with another experiment and the same tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">What it holds.</param>
    /// <param name="experiment">The experiment.</param>
    public static void Redescribe(string path, SafetensorsFile file, Experiment experiment) =>
        Safetensors.Write(path, file.Tensors.Values, new Dictionary<string, string>(file.Metadata) { [ExperimentKey] = ExperimentJson.ToJson(experiment).ToJsonString() });

    /// <summary>Makes sure that a model meets the data that it was trained on.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="trained">The model's preprocessing.</param>
    /// <param name="opened">The preprocessing of the data as it is now.</param>
    /// <exception cref="InvalidInputException">The data is another.</exception>
    public static void RequireSameData(string path, Preprocessing trained, Preprocessing opened)
    {
        if (!trained.Matches(opened)) throw new InvalidInputException($"{path}: was trained on other data: put the data back as it was, or start a new run.");
    }

    private static Experiment ReadExperiment(string source, string json)
    {
        try
        {
            return ExperimentJson.Resolve(source, ExperimentJson.ParseObject(source, Encoding.UTF8.GetBytes(json)));
        }
        catch (InvalidInputException error)
        {
            // Errors are listed for who writes an experiment; here the file is damaged.
            throw new InvalidInputException(ExperimentJson.OneLine(error.Message), error);
        }
    }
}
