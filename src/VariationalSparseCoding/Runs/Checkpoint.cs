using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

/// <summary>
/// A training state as one safetensors file, so that it appears whole or not at all. Tensors: parameters and momentum; metadata:
/// format, version, experiment and position. Random numbers need no state: they are functions of seed and step.
/// </summary>
internal static class Checkpoint
{
    /// <summary>What the file is, in its metadata.</summary>
    public const string Format = "vsc-checkpoint";

    /// <summary>Version of the layout.</summary>
    public const string Version = "1";

    private const string Advice = "move it away to continue from an earlier checkpoint";

    /// <summary>Writes a checkpoint whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">The state.</param>
    public static void Write(string path, TrainingState state) => Safetensors.Write(path, Tensors(state), Metadata(state));

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="state">The state.</param>
    public static void Write(Stream stream, TrainingState state) => Safetensors.Write(stream, Tensors(state), Metadata(state));

    /// <summary>Puts a state where a checkpoint left it.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">What it holds.</param>
    /// <param name="state">A state of the same experiment.</param>
    /// <exception cref="InvalidInputException">The file is damaged or belongs to another experiment.</exception>
    public static void Read(string path, SafetensorsFile file, TrainingState state)
    {
        var position = RequireSameRun(path, file, state);
        Require(position.Step <= state.TotalSteps, path, $"has a position, step {position.Step}, beyond its experiment's {state.TotalSteps} steps");
        ModelFile.Fill(state.Model, path, file);
        Restore(file, state, position);
        // What updates the model is created now, so that a damaged state shows before the training goes on.
        _ = state.Step;
        state.Guard?.Begin();
    }

    /// <summary>Loads a model with the state of its training; more steps than the schedule's are allowed, since streams may go on after it.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="file">What it holds.</param>
    /// <exception cref="InvalidInputException">The file is damaged or is not a checkpoint, or the model needs the tensor library.</exception>
    public static TrainingState Load(string source, SafetensorsFile file)
    {
        var model = ModelFile.Model(source, file);
        var state = new TrainingState(model, model.Experiment.Data.TrainSamples);
        try
        {
            Restore(file, state, RequireSameRun(source, file, state));
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Steps done by a checkpoint's name, step-000001234.safetensors; null for any other file.</summary>
    /// <param name="path">The file.</param>
    public static long? StepOf(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith("step-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(5, name.Length - 17), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }

    private static Dictionary<string, string> Metadata(TrainingState state)
    {
        var position = new JsonObject
        {
            ["step"] = state.StepsDone,
            ["sums"] = new JsonArray([.. state.Sums.Sums.Select(sum => (JsonNode)sum)]),
            ["summedSteps"] = state.Sums.Steps,
        };
        if (state.Guard is { } guard) position["guard"] = guard.ToJson();
        var metadata = ModelFile.Metadata(state.Model);
        (metadata["format"], metadata["version"], metadata["position"]) = (Format, Version, position.ToJsonString());
        return metadata;
    }

    private static IEnumerable<StateTensor> Tensors(TrainingState state) => [.. state.Tensors, .. state.Model.Preprocessing.ToTensors(), .. state.Guard?.Tensors ?? []];

    /// <summary>Makes sure that a file is a checkpoint of a state's run, and returns its position; nothing is changed.</summary>
    private static Placed RequireSameRun(string path, SafetensorsFile file, TrainingState state)
    {
        Require(file.Metadata.GetValueOrDefault("format") == Format, path, "is not a checkpoint");
        if (file.Metadata.GetValueOrDefault("version") is var version && version != Version)
            throw new InvalidInputException(PrintableText.Of($"{path}: was written by another version of this program (layout {version ?? "unknown"}, and this one reads {Version}); use that version, or a newer one."));
        var (experiment, preprocessing) = ModelFile.Describe(path, file);
        RequireSameExperiment(path, experiment, state.Model.Experiment);
        ModelFile.RequireSameData(path, preprocessing, state.Model.Preprocessing);
        return Position(path, file.Metadata.GetValueOrDefault("position"), state);
    }

    private static void Restore(SafetensorsFile file, TrainingState state, Placed position)
    {
        HashSet<string> known = [.. state.Model.State.Concat(state.Model.Preprocessing.ToTensors()).Select(tensor => tensor.Name)];
        var others = file.Tensors.Values.Where(tensor => !known.Contains(tensor.Name)).ToLookup(tensor => tensor.Name.StartsWith(KeptStates.Prefix, StringComparison.Ordinal));
        state.Restore([.. others[false]]);
        (state.StepsDone, state.Sums) = (position.Step, position.Sums);
        state.Guard?.Restore(position.Guard, [.. others[true]]);
    }

    private static void RequireSameExperiment(string path, Experiment saved, Experiment expected)
    {
        // The place of the data may change too: the data themselves are compared.
        if (ExperimentDiff.First(saved, expected, "data.source") is { } differing)
            throw new InvalidInputException($"{path}: was trained with {differing.Path} = {differing.Saved}, not {differing.Now}: put the experiment back as it was, or start a new run.");
    }

    private static Placed Position(string path, string? json, TrainingState state)
    {
        try
        {
            var position = JsonNode.Parse(json ?? "null")!.AsObject();
            long step = (long)position["step"]!;
            int summed = (int)position["summedSteps"]!;
            double[] sums = [.. position["sums"]!.AsArray().Select(sum => (double)sum!)];
            Require(step >= 0 && summed == step % state.StepsPerEpoch && (sums.Length == 0) == (summed == 0),
                path, $"has a position, step {step}, that does not fit its experiment");
            return new(step, summed == 0 ? LossMean.Empty : new(sums, summed), position["guard"]?.AsObject());
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException($"{path}: has no readable position; {Advice}.", error);
        }
    }

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds) throw new InvalidInputException($"{path}: {problem}; {Advice}.");
    }

    /// <summary>Where a checkpoint stands.</summary>
    /// <param name="Step">Steps done.</param>
    /// <param name="Sums">The terms of the epoch so far.</param>
    /// <param name="Guard">What <see cref="DivergenceGuard"/> remembers; null if it has nothing.</param>
    private sealed record Placed(long Step, LossMean Sums, JsonObject? Guard);
}
