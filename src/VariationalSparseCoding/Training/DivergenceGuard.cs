using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>
/// Sees the beginning of a divergence and takes a training back to its last good state, to go on with half the step sizes. What it sees and keeps depends on the steps
/// alone, and is part of a checkpoint, so that a resumed training goes back where an uninterrupted one does.
/// </summary>
/// <param name="state">The model in training, with what updates it.</param>
internal sealed class DivergenceGuard(TrainingState state) : DivergenceRule(state)
{
    /// <summary>How often a training goes back at most.</summary>
    public const int MostBackOffs = 12;

    // States are copied at most so often, and about ten times in a short training.
    private const int LongestInterval = 100, ShortestInterval = 10, CopiesOfRun = 10;

    // A loss so many times as large as the reference has gone wrong; one that is not twice as large is good enough to go back to.
    private const double FarAbove = 10, GoodEnough = 2;

    private const double LeastShare = 0.01;

    private readonly KeptStates kept = new(state);
    private LossLevel level = LossLevel.None;
    private double share = 1;
    private (JsonObject Json, IReadOnlyList<StoredTensor> Tensors)? restored;

    /// <inheritdoc/>
    public override double Share => share;

    /// <summary>How often the training went back.</summary>
    public int BackOffs { get; private set; }

    /// <inheritdoc/>
    public override LossTerms Progress => new(["step_share", "back_offs"], [Share, BackOffs]);

    /// <summary>The kept states, to be saved beside the present one.</summary>
    public IEnumerable<StateTensor> Tensors => restored is { } saved ? saved.Tensors : kept.Tensors;

    private int Interval => (int)Math.Clamp(State.TotalSteps / CopiesOfRun, ShortestInterval, LongestInterval);

    // The first loss is part of it because the KL of a posterior that begins far from the prior may be large, and falls. Noise that warms up enters it squared.
    private double Reference => level.First * Math.Max(Math.Pow(Growth(schedule => schedule.WarmUp), 2), Growth(schedule => schedule.KlWarmUp)) + level.Zero;

    /// <summary>Begins a step: the state before the first one is good.</summary>
    /// <inheritdoc/>
    public override void Begin()
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
        kept.Begin(level);
    }

    /// <inheritdoc/>
    public override string? AfterLoss(LossTerms terms, ReadOnlySpan<float> batch)
    {
        if (!terms.Values.All(double.IsFinite)) return GoBack(State.StepsDone + 1);
        double loss = terms.Values[0];
        level = level.After(loss, ZeroLoss(batch));
        return level.Loss > FarAbove * Reference && loss >= level.Loss ? GoBack(State.StepsDone + 1) : null;
    }

    /// <summary>Keeps the state where one is due and it seems good.</summary>
    /// <inheritdoc/>
    public override string? AfterStep()
    {
        bool last = State.StepsDone == State.TotalSteps;
        if (!last && State.StepsDone % Interval != 0) return null;
        if (!IsStateFinite()) return GoBack(State.StepsDone);
        if (!last && level.Loss <= GoodEnough * Reference) kept.Add(level);
        return null;
    }

    /// <inheritdoc/>
    public override string? BeforeValidation() => IsStateFinite() ? null : GoBack(State.StepsDone);

    /// <inheritdoc/>
    public override string? AfterValidation(LossTerms terms) => terms.Values.All(double.IsFinite) ? null : GoBack(State.StepsDone);

    /// <summary>Keeps the last state: whatever follows, such as a stream, may go back to it.</summary>
    public override void Finish() => kept.Finish(level);

    /// <summary>Returns all but the tensors, for a checkpoint.</summary>
    public JsonObject ToJson()
    {
        if (restored is { } saved) return saved.Json.DeepClone().AsObject();
        var json = new JsonObject { ["share"] = Share, ["backOffs"] = BackOffs, ["level"] = level.ToJson() };
        kept.Write(json);
        return json;
    }

    /// <summary>Takes over what a checkpoint says.</summary>
    /// <param name="json">As <see cref="ToJson"/> has written it; null if the checkpoint has nothing.</param>
    /// <param name="tensors">The checkpoint's tensors under <see cref="KeptStates.Prefix"/>; those of a state that is the checkpoint's own are not among them.</param>
    public void Restore(JsonObject? json, IReadOnlyList<StoredTensor> tensors)
    {
        (share, BackOffs, level) = (1, 0, LossLevel.None);
        kept.Clear();
        // Read when the training goes on: a model that was loaded to encode needs none of it.
        restored = json is null ? null : (json, tensors);
    }

    private void Take(JsonObject json, IReadOnlyList<StoredTensor> tensors)
    {
        (share, BackOffs, level) = ((double)json["share"]!, (int)json["backOffs"]!, LossLevel.Of(json["level"]!));
        kept.Read(json, tensors);
    }

    /// <summary>Puts the state back to the last good one and halves the step sizes.</summary>
    /// <param name="diverged">The step that was found to diverge.</param>
    /// <returns>What happened, in one line.</returns>
    /// <exception cref="TrainingDivergedException">That was done too often already.</exception>
    private string GoBack(long diverged)
    {
        if (BackOffs == MostBackOffs || kept.GoBack() is not { } former)
        {
            throw new TrainingDivergedException(
                $"Training diverged again at step {diverged} of {State.TotalSteps}, after it had gone back {BackOffs} times and halved its step sizes each time. "
                + $"Look for samples far from all others, raise objective.klWeight, or lower {StepSizeOptions}.");
        }
        BackOffs++;
        share /= 2;
        level = former;
        string note = string.Create(CultureInfo.InvariantCulture, $"training began to diverge at step {diverged}; it goes on from step {State.StepsDone} with {Share:G4} of the step sizes");
        State.Notes.Add(note);
        return note;
    }

    /// <summary>The loss of codes that are all 0: 1/2 ||x||^2 beside the 1-norm of MAP inference, else the mean over values.</summary>
    private double ZeroLoss(ReadOnlySpan<float> batch)
    {
        int dimension = State.Model.Dimension;
        double squares = 0;
        for (int first = 0; first < batch.Length; first += dimension) squares += RowKernels.SumOfSquares(batch.Slice(first, dimension));
        return State.Model.HasNetwork ? squares / batch.Length : squares / 2 / State.Model.Experiment.Schedule.BatchSize;
    }

    /// <summary>How many times as large as in the first step a quantity is that warms up.</summary>
    private double Growth(Func<ScheduleOptions, WarmUp> quantity)
    {
        var warmUp = quantity(State.Model.Experiment.Schedule);
        return warmUp.At(State.StepsDone) / Math.Max(LeastShare, warmUp.At(0));
    }

    private bool IsStateFinite() => State.Tensors.All(tensor => tensor.Type != SafetensorsType.F32 || Precision.AllFinite<float>(MemoryMarshal.Cast<byte, float>(tensor.Read())));
}
