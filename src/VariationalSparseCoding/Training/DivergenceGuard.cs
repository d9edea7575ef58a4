using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
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

    /// <summary>The prefix of the last good state's tensors in a checkpoint.</summary>
    public const string Prefix = "guard.";

    // The last good state is copied at most so often, and about ten times in a short training.
    private const int LongestInterval = 100, ShortestInterval = 10, CopiesOfRun = 10;

    // A loss so many times as large as that of codes that are all 0, added to the first step's, has gone wrong; one that is not twice as large is good enough to go back to.
    private const double FarAbove = 10, GoodEnough = 2;

    // Losses and their references are averaged over about ten steps.
    private const double Kept = 0.9;

    private Level level = Level.None;
    private GoodState? good;
    private IReadOnlyList<StoredTensor> restored = [];

    /// <summary>What every step size is multiplied by.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>How often the training went back.</summary>
    public int BackOffs { get; private set; }

    /// <summary>The last good state, to be saved beside a state that is not the same.</summary>
    public IEnumerable<StateTensor> Tensors => good is null || good.Step == state.StepsDone ? [] : good.Tensors.Length == 0 ? restored : good.Tensors.Select(tensor => Renamed(tensor, Prefix + tensor.Name));

    private int Interval => (int)Math.Clamp(state.TotalSteps / CopiesOfRun, ShortestInterval, LongestInterval);

    /// <summary>Begins a step: the state before the first one is good.</summary>
    /// <exception cref="InvalidInputException">The last good state of a checkpoint does not fit.</exception>
    public void Begin()
    {
        if (good?.Tensors.Length > 0) return;
        // Its tensors are part of the state.
        _ = state.Step;
        if (good is null)
        {
            Keep();
            return;
        }
        var copies = Copies();
        if (restored.Count > 0) TensorCopy.Fill(copies, restored.ToDictionary(tensor => tensor.Name[Prefix.Length..]), "the last good state of the training");
        (good, restored) = (good with { Tensors = copies }, []);
    }

    /// <summary>Looks at a step.</summary>
    /// <param name="terms">The terms of its loss.</param>
    /// <param name="zeroLoss">The loss of codes that are all 0 on its batch.</param>
    /// <returns>Whether the training diverges.</returns>
    public bool Diverges(LossTerms terms, double zeroLoss)
    {
        if (!terms.Values.All(double.IsFinite)) return true;
        double loss = terms.Values[0];
        level = level.IsNone ? new(loss, loss, zeroLoss) : new(level.First, Mean(level.Loss, loss), Mean(level.Zero, zeroLoss));
        return level.Loss > FarAbove * level.Reference && loss >= level.Loss;
    }

    /// <summary>Ends a step: keeps the state where one is due and it is good.</summary>
    /// <returns>Whether the training diverges.</returns>
    public bool EndsBadly()
    {
        bool last = state.StepsDone == state.TotalSteps;
        if (!last && state.StepsDone % Interval != 0) return false;
        if (!state.Tensors.All(IsFinite)) return true;
        if (level.Loss <= GoodEnough * level.Reference) Keep();
        return false;
    }

    /// <summary>Puts the state back to the last good one and halves the step sizes.</summary>
    /// <returns>False if that was done too often already; nothing is changed then.</returns>
    public bool GoBack()
    {
        if (BackOffs == MostBackOffs || good is null) return false;
        BackOffs++;
        Share /= 2;
        foreach (var (target, saved) in state.Tensors.Zip(good.Tensors)) target.Write(saved.Read());
        state.Model.Changed();
        (state.StepsDone, state.Sums, level) = (good.Step, good.Sums, good.Level);
        return true;
    }

    /// <summary>Returns all but the tensors, for a checkpoint.</summary>
    public JsonObject ToJson() => new()
    {
        ["share"] = Share,
        ["backOffs"] = BackOffs,
        ["level"] = ToJson(level),
        ["goodStep"] = good?.Step,
        ["goodLevel"] = ToJson(good?.Level ?? Level.None),
        ["goodSums"] = new JsonArray([.. (good?.Sums.Sums ?? []).Select(sum => (JsonNode)sum)]),
        ["goodSummedSteps"] = good?.Sums.Steps ?? 0,
    };

    /// <summary>Takes over what a checkpoint says.</summary>
    /// <param name="json">As <see cref="ToJson()"/> has written it; null if the checkpoint has nothing.</param>
    /// <param name="tensors">The checkpoint's tensors of the last good state, under <see cref="Prefix"/>; none if that is the checkpoint's own.</param>
    public void Restore(JsonObject? json, IReadOnlyList<StoredTensor> tensors)
    {
        (Share, BackOffs, level, good, restored) = (1, 0, Level.None, null, tensors);
        if (json is null) return;
        (Share, BackOffs, level) = ((double)json["share"]!, (int)json["backOffs"]!, LevelOf(json["level"]!));
        if ((long?)json["goodStep"] is not { } step) return;
        int summed = (int)json["goodSummedSteps"]!;
        var sums = summed == 0 ? LossMean.Empty : new([.. json["goodSums"]!.AsArray().Select(sum => (double)sum!)], summed);
        good = new(step, sums, LevelOf(json["goodLevel"]!), []);
    }

    private void Keep() => good = new(state.StepsDone, state.Sums, level, Copies(good));

    private StoredTensor[] Copies(GoodState? former = null)
    {
        var tensors = state.Tensors.ToList();
        if (former is null) return [.. tensors.Select(tensor => Renamed(tensor, tensor.Name))];
        foreach (var (target, source) in former.Tensors.Zip(tensors)) target.Write(source.Read());
        return former.Tensors;
    }

    private static StoredTensor Renamed(StateTensor tensor, string name) => new(name, tensor.Type, tensor.Shape, tensor.Read().ToArray());

    private static bool IsFinite(StateTensor tensor) => tensor.Type != SafetensorsType.F32 || Precision.AllFinite<float>(MemoryMarshal.Cast<byte, float>(tensor.Read()));

    private static double Mean(double former, double added) => Kept * former + (1 - Kept) * added;

    private static JsonArray ToJson(Level level) => level.IsNone ? [] : [level.First, level.Loss, level.Zero];

    private static Level LevelOf(JsonNode json) => json.AsArray() is { Count: 3 } numbers ? new((double)numbers[0]!, (double)numbers[1]!, (double)numbers[2]!) : Level.None;

    /// <summary>Where the loss stands.</summary>
    /// <param name="First">The first step's loss.</param>
    /// <param name="Loss">The loss, averaged over the last steps.</param>
    /// <param name="Zero">The loss of codes that are all 0, likewise.</param>
    private sealed record Level(double First, double Loss, double Zero)
    {
        public static Level None { get; } = new(double.NaN, double.NaN, double.NaN);

        public bool IsNone => double.IsNaN(First);

        // The first loss is part of it because the KL of a posterior that begins far from the prior may be large, and falls.
        public double Reference => Math.Abs(First) + Zero;
    }

    /// <summary>A state to go back to.</summary>
    /// <param name="Step">Steps done.</param>
    /// <param name="Sums">The terms of its epoch so far.</param>
    /// <param name="Level">Where the loss stood.</param>
    /// <param name="Tensors">Copies of the state's tensors, in order.</param>
    private sealed record GoodState(long Step, LossMean Sums, Level Level, StoredTensor[] Tensors);
}
