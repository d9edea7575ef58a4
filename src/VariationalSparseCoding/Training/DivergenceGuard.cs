using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>
/// Sees the beginning of a divergence and takes a training back to its last good state, to go on with half the step sizes. What it sees and keeps depends on the steps
/// alone, and is part of a checkpoint, so that a resumed training goes back where an uninterrupted one does.
/// </summary>
/// <param name="state">The model in training, with what updates it.</param>
internal sealed class DivergenceGuard(TrainingState state)
{
    /// <summary>How often a training goes back at most.</summary>
    public const int MostBackOffs = 12;

    /// <summary>The prefix of the kept states' tensors in a checkpoint.</summary>
    public const string Prefix = "guard.";

    private const string GoodPrefix = Prefix + "good.", NextPrefix = Prefix + "next.";

    // States are copied at most so often, and about ten times in a short training.
    private const int LongestInterval = 100, ShortestInterval = 10, CopiesOfRun = 10;

    // A loss so many times as large as the reference has gone wrong; one that is not twice as large is good enough to go back to.
    private const double FarAbove = 10, GoodEnough = 2;

    // Losses and their references are averaged over about ten steps.
    private const double Kept = 0.9;

    private const double LeastShare = 0.01;

    private Level level = Level.None;

    // A state counts as good when the training has gone on from it for an interval: a divergence may have begun in its momentum before any loss shows it.
    private KeptState? good, next;
    private (JsonObject Json, IReadOnlyList<StoredTensor> Tensors)? restored;

    /// <summary>What every step size is multiplied by.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>How often the training went back.</summary>
    public int BackOffs { get; private set; }

    /// <summary>The kept states, to be saved beside the present one; a state that is the present one is left out.</summary>
    public IEnumerable<StateTensor> Tensors => restored is { } saved ? saved.Tensors : Saved(good, GoodPrefix).Concat(Saved(next, NextPrefix));

    /// <summary>Whether every number of the present state is finite.</summary>
    public bool IsStateFinite => state.Tensors.All(IsFinite);

    private int Interval => (int)Math.Clamp(state.TotalSteps / CopiesOfRun, ShortestInterval, LongestInterval);

    // The first loss is part of it because the KL of a posterior that begins far from the prior may be large, and falls. Noise that warms up enters it squared.
    private double Reference => level.First * Math.Max(Math.Pow(Growth(schedule => schedule.WarmUp), 2), Growth(schedule => schedule.KlWarmUp)) + level.Zero;

    /// <summary>Begins a step: the state before the first one is good.</summary>
    /// <exception cref="InvalidInputException">What a checkpoint had cannot be used.</exception>
    public void Begin()
    {
        if (restored is { } saved)
        {
            restored = null;
            try
            {
                Take(saved.Json, saved.Tensors);
            }
            catch (Exception error) when (error is NullReferenceException or InvalidOperationException or FormatException)
            {
                throw new InvalidInputException("the checkpoint's record of its last good state cannot be read; it is damaged or of another version", error);
            }
        }
        good ??= Copy(null);
    }

    /// <summary>Looks at a step.</summary>
    /// <param name="terms">The terms of its loss.</param>
    /// <param name="zeroLoss">The loss of codes that are all 0 on its batch.</param>
    /// <returns>Whether the training diverges.</returns>
    public bool Diverges(LossTerms terms, double zeroLoss)
    {
        if (!terms.Values.All(double.IsFinite)) return true;
        double loss = terms.Values[0];
        level = level.IsNone ? new(Math.Abs(loss), loss, zeroLoss) : new(level.First, Mean(level.Loss, loss), Mean(level.Zero, zeroLoss));
        return level.Loss > FarAbove * Reference && loss >= level.Loss;
    }

    /// <summary>Ends a step: keeps the state where one is due and it seems good.</summary>
    /// <returns>Whether the training diverges.</returns>
    public bool EndsBadly()
    {
        bool last = state.StepsDone == state.TotalSteps;
        if (!last && state.StepsDone % Interval != 0) return false;
        if (!IsStateFinite) return true;
        if (last || level.Loss > GoodEnough * Reference) return false;
        (good, next) = next is null ? (good, Copy(null)) : (next, Copy(good));
        return false;
    }

    /// <summary>Ends a training that went well: whatever follows, such as a stream, may go back to its end.</summary>
    public void Finish() => (good, next) = (Copy(good), null);

    /// <summary>Puts the state back to the last good one and halves the step sizes.</summary>
    /// <returns>False if that was done too often already; nothing is changed then.</returns>
    public bool GoBack()
    {
        if (BackOffs == MostBackOffs || good is null) return false;
        BackOffs++;
        Share /= 2;
        foreach (var (target, saved) in state.Tensors.Zip(good.Tensors)) target.Write(saved.Read());
        state.Model.Changed();
        (state.StepsDone, state.Sums, level, next) = (good.Step, good.Sums, good.Level, null);
        return true;
    }

    /// <summary>Returns all but the tensors, for a checkpoint.</summary>
    public JsonObject ToJson() => restored is { } saved ? saved.Json.DeepClone().AsObject() : new()
    {
        ["share"] = Share,
        ["backOffs"] = BackOffs,
        ["level"] = ToJson(level),
        ["good"] = ToJson(good),
        ["next"] = ToJson(next),
    };

    /// <summary>Takes over what a checkpoint says.</summary>
    /// <param name="json">As <see cref="ToJson()"/> has written it; null if the checkpoint has nothing.</param>
    /// <param name="tensors">The checkpoint's tensors under <see cref="Prefix"/>; those of a state that is the checkpoint's own are not among them.</param>
    public void Restore(JsonObject? json, IReadOnlyList<StoredTensor> tensors)
    {
        (Share, BackOffs, level, good, next) = (1, 0, Level.None, null, null);
        // Read when the training goes on: a model that was loaded to encode needs none of it.
        restored = json is null ? null : (json, tensors);
    }

    private void Take(JsonObject json, IReadOnlyList<StoredTensor> tensors)
    {
        (Share, BackOffs, level) = ((double)json["share"]!, (int)json["backOffs"]!, LevelOf(json["level"]!));
        (good, next) = (StateOf(json["good"], tensors, GoodPrefix), StateOf(json["next"], tensors, NextPrefix));
    }

    /// <summary>A copy of the present state, in the memory of one that is no longer needed, if any.</summary>
    private KeptState Copy(KeptState? former)
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
        var copy = Copy(null);
        long step = (long)json["step"]!;
        if (step != state.StepsDone)
            TensorCopy.Fill(copy.Tensors, tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(tensor => tensor.Name[prefix.Length..]), "a kept state of the training");
        int summed = (int)json["summedSteps"]!;
        return new(step, summed == 0 ? LossMean.Empty : new([.. json["sums"]!.AsArray().Select(sum => (double)sum!)], summed), LevelOf(json["level"]!), copy.Tensors);
    }

    /// <summary>How many times as large as in the first step a quantity is that warms up.</summary>
    private double Growth(Func<ScheduleOptions, WarmUp> quantity)
    {
        var warmUp = quantity(state.Model.Experiment.Schedule);
        return warmUp.At(state.StepsDone) / Math.Max(LeastShare, warmUp.At(0));
    }

    private static JsonObject? ToJson(KeptState? kept) => kept is null ? null : new()
    {
        ["step"] = kept.Step,
        ["sums"] = new JsonArray([.. kept.Sums.Sums.Select(sum => (JsonNode)sum)]),
        ["summedSteps"] = kept.Sums.Steps,
        ["level"] = ToJson(kept.Level),
    };

    private static StoredTensor Renamed(StateTensor tensor, string name) => new(name, tensor.Type, tensor.Shape, tensor.Read().ToArray());

    private static bool IsFinite(StateTensor tensor) => tensor.Type != SafetensorsType.F32 || Precision.AllFinite<float>(MemoryMarshal.Cast<byte, float>(tensor.Read()));

    private static double Mean(double former, double added) => Kept * former + (1 - Kept) * added;

    private static JsonArray ToJson(Level level) => level.IsNone ? [] : [level.First, level.Loss, level.Zero];

    private static Level LevelOf(JsonNode json) => json.AsArray() is { Count: 3 } numbers ? new((double)numbers[0]!, (double)numbers[1]!, (double)numbers[2]!) : Level.None;

    /// <summary>Where the loss stands.</summary>
    /// <param name="First">The magnitude of the first step's loss.</param>
    /// <param name="Loss">The loss, averaged over the last steps.</param>
    /// <param name="Zero">The loss of codes that are all 0, likewise.</param>
    private sealed record Level(double First, double Loss, double Zero)
    {
        public static Level None { get; } = new(double.NaN, double.NaN, double.NaN);

        public bool IsNone => double.IsNaN(First);
    }

    /// <summary>A state to go back to.</summary>
    /// <param name="Step">Steps done.</param>
    /// <param name="Sums">The terms of its epoch so far.</param>
    /// <param name="Level">Where the loss stood.</param>
    /// <param name="Tensors">Copies of the state's tensors, in order.</param>
    private sealed record KeptState(long Step, LossMean Sums, Level Level, StoredTensor[] Tensors);
}
