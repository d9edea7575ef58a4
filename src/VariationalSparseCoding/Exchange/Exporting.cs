using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>Writes dictionaries for other programs.</summary>
internal static class Exporting
{
    // Loaders take files of an earlier version, or of none, for an older form.
    private const string SaeLensVersion = "6.0.0";

    /// <summary>The formats that can be written: the folder of SAELens, and its tensors with their settings in one file.</summary>
    public static IReadOnlyList<string> Names { get; } = ["saelens", "safetensors", "npz"];

    /// <summary>Writes a model's coder into a folder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder, which is made where it is missing; it may not hold such a dictionary.</param>
    /// <param name="format">One of <see cref="Names"/>.</param>
    /// <returns>What was written, and why if it is the dictionary alone, in one line.</returns>
    /// <exception cref="InvalidInputException">The format is not known, the folder is occupied, or the model has no dictionary.</exception>
    public static string Write(SparseCodingModel model, string folder, string format)
    {
        if (!Names.Contains(format)) throw new InvalidInputException($"the format '{PrintableText.Of(format)}' cannot be written; choose one of {string.Join(", ", Names)}");
        bool isFolder = format == Names[0];
        string[] files = [.. (isFolder ? ["sae_weights.safetensors", SaeLensFormat.ConfigFile] : new[] { $"dictionary.{format}" }).Select(name => Path.Combine(folder, name))];
        RequireFree(folder, files);
        var coder = SharedModel.Of(model);
        string reason = "";
        if (isFolder && coder.Gate is null or GateKind.GroupMax) (coder, reason) = (ForPursuit(coder), $", whose codes by '{model.Experiment.Method}' it cannot compute: the dictionary alone, its atoms at length 1, for codes by matching pursuit");
        var config = Config(model, coder);
        var tensors = Tensors(coder);
        if (isFolder)
        {
            Safetensors.Write(files[0], tensors);
            AtomicFile.WriteText(files[1], config.ToJsonString(ExperimentJson.Options) + "\n");
        }
        else if (format == "npz")
            NpzArrays.Write(files[0], [.. tensors, Bytes(TensorFileFormat.ConfigKey, config.ToJsonString())]);
        else
            Safetensors.Write(files[0], tensors, new Dictionary<string, string> { [TensorFileFormat.ConfigKey] = config.ToJsonString() });
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(" and ", files.Select(Path.GetFileName))}: {(isFolder ? "SAELens " : "")}'{config["architecture"]}' of {coder.Features} features in {coder.Dimension} values{reason}");
    }

    private static void RequireFree(string folder, string[] files)
    {
        if (File.Exists(folder)) throw new InvalidInputException($"{folder}: is a file; name a folder to write.");
        if (File.Exists(Path.Combine(folder, "experiment.json"))) throw new InvalidInputException($"{folder}: is the folder of a run; name another one to write.");
        // The last file is written when all others are whole; without it, an export was interrupted.
        if (Path.Exists(files[^1])) throw new InvalidInputException($"{files[^1]}: is there already; name a new folder to write.");
    }

    /// <summary>A dictionary alone for matching pursuit, which takes away what a residual has of an atom of norm 1.</summary>
    private static SharedCoder ForPursuit(SharedCoder coder)
    {
        float[] atoms = [.. coder.Atoms];
        for (int first = 0; first < atoms.Length; first += coder.Dimension)
        {
            var atom = atoms.AsSpan(first, coder.Dimension);
            double square = 0;
            foreach (float value in atom) square += (double)value * value;
            double norm = Math.Sqrt(square);
            // What has the norm 1 to the last digits stays as it is.
            if (norm == 0 || Math.Abs(norm - 1) < 1e-6) continue;
            foreach (ref float value in atom) value = (float)(value / norm);
        }
        return coder with { Gate = GateKind.MatchingPursuit, Atoms = atoms, IsCentred = true, Pursuit = new(0.01, coder.Dimension, true) };
    }

    private static JsonObject Config(SparseCodingModel model, SharedCoder coder)
    {
        var config = new JsonObject
        {
            ["d_in"] = coder.Dimension,
            ["d_sae"] = coder.Features,
            ["dtype"] = "float32",
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = coder.IsCentred,
            ["normalize_activations"] = "none",
            ["reshape_activations"] = "none",
            ["metadata"] = new JsonObject
            {
                ["sae_lens_version"] = SaeLensVersion,
                ["trained_with"] = model.Experiment.CreatedWith,
                ["method"] = model.Experiment.Method,
                ["dataset_path"] = model.Experiment.Data.Source,
            },
            ["architecture"] = Architecture(coder.Gate),
        };
        if (coder.Gate is GateKind.TopK or GateKind.GroupMax) config["k"] = coder.Active;
        if (coder.Gate == GateKind.TopK) config["rescale_acts_by_decoder_norm"] = false;
        if (coder.Gate is null) config["lambda"] = coder.Lambda;
        if (coder.Gate != GateKind.MatchingPursuit) return config;
        config["residual_threshold"] = coder.Pursuit.Residual;
        config["max_iterations"] = coder.Pursuit.Steps;
        config["stop_on_duplicate_support"] = coder.Pursuit.AtRepetition;
        return config;
    }

    private static string Architecture(GateKind? gate) => gate switch
    {
        GateKind.TopK => "topk",
        GateKind.JumpRelu => "jumprelu",
        GateKind.Relu => "standard",
        GateKind.Gated => "gated",
        GateKind.MatchingPursuit => "matching_pursuit",
        GateKind.GroupMax => SaeLensArithmetic.GroupMax,
        _ => SaeLensArithmetic.DictionaryAlone,
    };

    private static List<StateTensor> Tensors(SharedCoder coder)
    {
        int features = coder.Features, dimension = coder.Dimension;
        List<StateTensor> tensors = [StoredTensor.Of("W_dec", coder.Atoms, features, dimension), StoredTensor.Of("b_dec", coder.Offset, dimension)];
        if (coder.Gate is null or GateKind.MatchingPursuit) return tensors;
        tensors.Add(StoredTensor.Of("W_enc", SharedTensors.Transpose(coder.Encoder, features, dimension), dimension, features));
        tensors.Add(StoredTensor.Of(coder.Gate == GateKind.Gated ? "b_gate" : "b_enc", coder.Bias, features));
        if (coder.Gate == GateKind.JumpRelu) tensors.Add(StoredTensor.Of("threshold", coder.Threshold, features));
        if (coder.Gate == GateKind.Gated) tensors.AddRange([StoredTensor.Of("b_mag", coder.MagnitudeBias, features), StoredTensor.Of("r_mag", coder.MagnitudeScale, features)]);
        return tensors;
    }

    private static StoredTensor Bytes(string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new(name, SafetensorsType.U8, [bytes.Length], bytes);
    }
}
