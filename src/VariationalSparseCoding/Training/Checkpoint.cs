using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

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

    /// <summary>Writes a checkpoint whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">The state.</param>
    public static void Write(string path, TrainingState state)
    {
        using var scope = NewDisposeScope();
        var position = new JsonObject
        {
            ["step"] = state.StepsDone,
            ["sums"] = new JsonArray([.. state.Sums.Sums.Select(sum => (JsonNode)sum)]),
            ["summedSteps"] = state.Sums.Steps,
        };
        var metadata = ModelFile.Metadata(state.Model);
        (metadata["format"], metadata["version"], metadata["position"]) = (Format, Version, position.ToJsonString());
        var tensors = state.Tensors.ToDictionary(pair => pair.Name, pair => pair.Value.cpu());
        foreach (var (name, value) in state.Model.Preprocessing.ToTensors()) tensors.Add(name, value);
        Safetensors.Write(path, tensors, metadata);
    }

    /// <summary>Puts a state where a checkpoint left it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">A state of the same experiment.</param>
    /// <param name="mayExceedSchedule">Whether more steps than the schedule's are allowed: streams may go on after it.</param>
    /// <exception cref="InvalidInputException">The file is damaged or belongs to another experiment.</exception>
    public static void Read(string path, TrainingState state, bool mayExceedSchedule = false)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(path);
        Require(metadata.GetValueOrDefault("format") == Format, path, "is no checkpoint");
        Require(metadata.GetValueOrDefault("version") == Version, path, $"has version {metadata.GetValueOrDefault("version")}, and this program reads version {Version}");
        var (experiment, preprocessing) = ModelFile.Describe(path, tensors, metadata);
        RequireSameExperiment(path, experiment, state.Model.Experiment);
        ModelFile.RequireSameData(path, preprocessing, state.Model.Preprocessing);
        var (step, sums) = Position(path, metadata.GetValueOrDefault("position"), state);
        Require(step <= state.TotalSteps || mayExceedSchedule, path, $"has a position, step {step}, beyond its experiment's {state.TotalSteps} steps");
        ModelFile.Load(path, tensors, state.Tensors);
        (state.StepsDone, state.Sums) = (step, sums);
    }

    /// <summary>Steps done by a checkpoint's name, step-000001234.safetensors; null for any other file.</summary>
    /// <param name="path">The file.</param>
    public static long? StepOf(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith("step-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(5, name.Length - 17), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }

    private static void RequireSameExperiment(string path, Experiment saved, Experiment expected)
    {
        // The place of the data may change too: the data themselves are compared.
        if (ExperimentDiff.First(saved, expected, "data.source") is { } differing)
            throw new InvalidInputException($"{path}: was trained with {differing.Path} = {differing.Saved}, not {differing.Now}: put the experiment back as it was, or start a new run.");
    }

    private static (long Step, TermSums Sums) Position(string path, string? json, TrainingState state)
    {
        try
        {
            var position = JsonNode.Parse(json ?? "null")!.AsObject();
            long step = (long)position["step"]!;
            int summed = (int)position["summedSteps"]!;
            double[] sums = [.. position["sums"]!.AsArray().Select(sum => (double)sum!)];
            Require(step >= 0 && summed == step % state.StepsPerEpoch && sums.Length == (summed == 0 ? 0 : state.Step.TermNames.Count),
                path, $"has a position, step {step}, that does not fit its experiment");
            return (step, summed == 0 ? TermSums.Empty : new(sums, summed));
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException($"{path}: has no readable position; delete it to continue from an earlier checkpoint.", error);
        }
    }

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds) throw new InvalidInputException($"{path}: {problem}; delete it to continue from an earlier checkpoint.");
    }
}
