using System.Text.Json.Nodes;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>
/// Copies of a training's state to go back to. A state counts as good when the training has gone on from it to the next one that is kept: a divergence may have begun in its
/// momentum before any loss shows it.
/// </summary>
/// <param name="state">The model in training, with what updates it.</param>
internal sealed class KeptStates(TrainingState state)
{
    /// <summary>The prefix of the tensors in a checkpoint.</summary>
    public const string Prefix = "guard.";

    private const string GoodPrefix = Prefix + "good.", NextPrefix = Prefix + "next.";

    private KeptState? good, next;

    /// <summary>The tensors, to be saved beside the present ones; a state that is the present one is left out.</summary>
    public IEnumerable<StateTensor> Tensors => Saved(good, GoodPrefix).Concat(Saved(next, NextPrefix));

    /// <summary>Keeps the present state as the good one if there is none.</summary>
    /// <param name="level">Where the loss stands.</param>
    public void Begin(LossLevel level) => good ??= Copy(null, level);

    /// <summary>Keeps the present state; the one that was kept before it is good now.</summary>
    /// <param name="level">Where the loss stands.</param>
    public void Add(LossLevel level) => (good, next) = next is null ? (good, Copy(null, level)) : (next, Copy(good, level));

    /// <summary>Keeps the present state as the good one.</summary>
    /// <param name="level">Where the loss stands.</param>
    public void Finish(LossLevel level) => (good, next) = (Copy(good, level), null);

    /// <summary>Puts the training back to the last good state.</summary>
    /// <returns>Where the loss stood; null if there is no state to go back to.</returns>
    public LossLevel? GoBack()
    {
        if (good is null) return null;
        foreach (var (target, saved) in state.Tensors.Zip(good.Tensors)) target.Write(saved.Read());
        state.Model.Changed();
        (state.StepsDone, state.Sums, next) = (good.Step, good.Sums, null);
        return good.Level;
    }

    /// <summary>Adds all but the tensors to a checkpoint's record.</summary>
    /// <param name="json">The record.</param>
    public void Write(JsonObject json) => (json["good"], json["next"]) = (ToJson(good), ToJson(next));

    /// <summary>Takes over what a checkpoint says.</summary>
    /// <param name="json">As <see cref="Write"/> has left it.</param>
    /// <param name="tensors">The checkpoint's tensors under <see cref="Prefix"/>.</param>
    public void Read(JsonObject json, IReadOnlyList<StoredTensor> tensors) => (good, next) = (StateOf(json["good"], tensors, GoodPrefix), StateOf(json["next"], tensors, NextPrefix));

    /// <summary>Forgets all states.</summary>
    public void Clear() => (good, next) = (null, null);

    /// <summary>A copy of the present state, in the memory of one that is no longer needed, if any.</summary>
    private KeptState Copy(KeptState? former, LossLevel level)
    {
        // What updates the model is created when it is first asked for, and has tensors of its own.
        _ = state.Step;
        var tensors = state.Tensors.ToList();
        // The sums of an epoch that is complete are no longer needed.
        var sums = state.StepsDone % state.StepsPerEpoch == 0 ? LossMean.Empty : state.Sums;
        if (former is null) return new(state.StepsDone, sums, level, [.. tensors.Select(tensor => Renamed(tensor, tensor.Name))]);
        foreach (var (target, source) in former.Tensors.Zip(tensors)) target.Write(source.Read());
        return new(state.StepsDone, sums, level, former.Tensors);
    }

    private IEnumerable<StateTensor> Saved(KeptState? kept, string prefix) =>
        kept is null || kept.Step == state.StepsDone ? [] : kept.Tensors.Select(tensor => Renamed(tensor, prefix + tensor.Name));

    private KeptState? StateOf(JsonNode? json, IReadOnlyList<StoredTensor> tensors, string prefix)
    {
        if (json is null) return null;
        var copy = Copy(null, LossLevel.Of(json["level"]!));
        long step = (long)json["step"]!;
        if (step != state.StepsDone)
            TensorCopy.Fill(copy.Tensors, tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(tensor => tensor.Name[prefix.Length..]), "a kept state of the training");
        int summed = (int)json["summedSteps"]!;
        return copy with { Step = step, Sums = summed == 0 ? LossMean.Empty : new([.. json["sums"]!.AsArray().Select(sum => (double)sum!)], summed) };
    }

    private static JsonObject? ToJson(KeptState? kept) => kept is null ? null : new()
    {
        ["step"] = kept.Step,
        ["sums"] = new JsonArray([.. kept.Sums.Sums.Select(sum => (JsonNode)sum)]),
        ["summedSteps"] = kept.Sums.Steps,
        ["level"] = kept.Level.ToJson(),
    };

    private static StoredTensor Renamed(StateTensor tensor, string name) => new(name, tensor.Type, tensor.Shape, tensor.Read().ToArray());

    /// <summary>A state to go back to.</summary>
    /// <param name="Step">Steps done.</param>
    /// <param name="Sums">The terms of its epoch so far.</param>
    /// <param name="Level">Where the loss stood.</param>
    /// <param name="Tensors">Copies of the state's tensors, in order.</param>
    private sealed record KeptState(long Step, LossMean Sums, LossLevel Level, StoredTensor[] Tensors);
}
