using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Training;

/// <summary>Orders the steps of a run: epochs, batches, validations, events and checkpoints. It knows nothing of the mathematics.</summary>
/// <param name="state">The model in training.</param>
/// <param name="validation">Validation samples, or none.</param>
/// <param name="observers">Who is told, in order.</param>
/// <param name="saveCheckpoint">Saves the state; called after the observers of an epoch have been told.</param>
internal sealed class Trainer(TrainingState state, ISampleSet? validation, IReadOnlyList<ITrainingObserver> observers, Action saveCheckpoint)
{
    // An epoch's end is a good place for a checkpoint; a long epoch has some within.
    private static readonly TimeSpan SaveAfterEpoch = TimeSpan.FromSeconds(1), SaveWithinEpoch = TimeSpan.FromSeconds(10);

    // Saving takes at most this share of the time, however large the model and slow the disk.
    private const double SavingShare = 0.05;

    private readonly Experiment experiment = state.Model.Experiment;
    private long lastSaved = Stopwatch.GetTimestamp();
    private TimeSpan savingTime;

    /// <summary>Trains to the end of the schedule.</summary>
    /// <param name="train">Training samples.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is saved.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged, with adaptive step sizes also after it had gone back.</exception>
    public void Run(ISampleSet train, CancellationToken cancellationToken)
    {
        foreach (var observer in observers) observer.OnStart(state.StepsDone, state.TotalSteps);
        int batchSize = experiment.Schedule.BatchSize;
        int[] rows = new int[batchSize];
        var order = train.Order(experiment.Seed);
        float[] batch = new float[batchSize * train.Dimension];
        // Images are slow to gather and steps on them slow to take, and files are read at the disk's pace; other samples take less time than handing them over.
        using var ahead = state.Model.Preprocessing.ImageShape is null && !train.ReadsFiles ? null : new BatchPrefetch(train);
        if (state.StepsDone < state.TotalSteps) ahead?.Begin(Rows(state.StepsDone));
        while (state.StepsDone < state.TotalSteps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                saveCheckpoint();
                throw new OperationCanceledException(cancellationToken);
            }
            if (ahead is null) train.CopyRows(Rows(state.StepsDone), batch);
            else Take(ahead, batch);
            long expected = state.StepsDone + 1;
            Step(batch);
            if (ahead is not null && state.StepsDone != expected)
            {
                // What was begun for the next step is not what comes next.
                if (expected < state.TotalSteps) ahead.Take();
                ahead.Begin(Rows(state.StepsDone));
            }
        }

        ReadOnlySpan<int> Rows(long step)
        {
            int epoch = (int)(step / state.StepsPerEpoch), position = (int)(step % state.StepsPerEpoch);
            order.Fill(epoch, position * batchSize, rows);
            return rows;
        }

        void Take(BatchPrefetch ahead, Span<float> destination)
        {
            ahead.Take().CopyTo(destination);
            if (state.StepsDone + 1 < state.TotalSteps) ahead.Begin(Rows(state.StepsDone + 1));
            if (experiment.Data.Flip) HorizontalFlip.Apply(destination, state.Model.Preprocessing.ImageShape!.Value, experiment.Seed, (uint)state.StepsDone);
        }
    }

    /// <summary>
    /// Makes the next step, and at the end of an epoch what belongs there. Where the training begins to diverge, it goes back to its last good state instead: the next batch is
    /// then that of an earlier step, or, on a stream, whatever comes; the samples of the lost steps are gone there.
    /// </summary>
    /// <param name="batch">Preprocessed samples, [B, D].</param>
    /// <exception cref="TrainingDivergedException">The training diverged, with adaptive step sizes also after it had gone back.</exception>
    public void Step(ReadOnlySpan<float> batch)
    {
        int epoch = (int)(state.StepsDone / state.StepsPerEpoch);
        if (!Advance(batch, epoch)) return;
        if (state.StepsDone % state.StepsPerEpoch == 0) FinishEpoch(epoch);
        else if (IsDue(SaveWithinEpoch)) Save();
    }

    /// <returns>False if the training went back.</returns>
    private bool Advance(ReadOnlySpan<float> batch, int epoch)
    {
        var guard = state.Guard;
        guard?.Begin();
        var terms = state.Step.Apply(batch, state.StepsDone, guard?.Share ?? 1);
        if (guard is null) RequireFinite(terms, "training");
        else if (guard.Diverges(terms, ZeroLoss(batch))) return GoBack(guard, state.StepsDone + 1);
        state.StepsDone++;
        state.Sums = state.Sums.Add(terms);
        if (guard is not null && guard.EndsBadly()) return GoBack(guard, state.StepsDone);
        foreach (var observer in observers) observer.OnStep(new(state.StepsDone, state.TotalSteps, epoch + 1, terms));
        return true;
    }

    /// <summary>The loss of codes that are all 0: 1/2 ||x||^2 beside the 1-norm of MAP inference, else the mean over values.</summary>
    private double ZeroLoss(ReadOnlySpan<float> batch)
    {
        double squares = 0;
        foreach (float value in batch) squares += (double)value * value;
        return state.Model.HasNetwork ? squares / batch.Length : squares / 2 / experiment.Schedule.BatchSize;
    }

    private bool GoBack(DivergenceGuard guard, long diverged)
    {
        if (!guard.GoBack())
        {
            throw new TrainingDivergedException(
                $"Training diverged again at step {diverged} of {state.TotalSteps}, after it had gone back {DivergenceGuard.MostBackOffs} times and halved its step sizes each time. "
                + $"Look for samples far from all others, raise objective.klWeight, or lower {Rates}.");
        }
        string note = string.Create(CultureInfo.InvariantCulture,
            $"training began to diverge at step {diverged}; it goes on from step {state.StepsDone} with {guard.Share:G4} of the step sizes");
        state.Notes.Add(note);
        foreach (var observer in observers) observer.OnBackOff(state.StepsDone, note);
        return false;
    }

    private string Rates => $"schedule.learningRate{(experiment.Generator.Kind == GeneratorKind.Linear ? " or schedule.dictionaryStep" : "")}";

    private void FinishEpoch(int epoch)
    {
        var schedule = experiment.Schedule;
        bool last = state.StepsDone == state.TotalSteps;
        LossTerms? terms = null;
        if (validation is not null && (last || (epoch + 1) % schedule.ValidateEvery == 0))
        {
            // Codes of a model that is not finite cannot be asked for.
            if (state.Guard is { IsStateFinite: false } || (terms = Validate(validation, epoch)) is null)
            {
                GoBack(state.Guard!, state.StepsDone);
                return;
            }
        }
        if (last) state.Guard?.Finish();
        var finished = new EpochEvent(epoch + 1, state.StepsDone, state.Sums.Mean(state.Step.TermNames), terms, Progress());
        state.Sums = LossMean.Empty;
        foreach (var observer in observers) observer.OnEpoch(finished);
        if (last || IsDue(SaveAfterEpoch)) Save();
    }

    private LossTerms Progress()
    {
        var progress = state.Step.Progress(state.StepsDone - 1);
        return state.Guard is { } guard ? new([.. progress.Names, "step_share", "back_offs"], [.. progress.Values, guard.Share, guard.BackOffs]) : progress;
    }

    /// <returns>The terms; null if they are not finite and the training can go back.</returns>
    private LossTerms? Validate(ISampleSet validation, int epoch)
    {
        var anneal = new AnnealedWeights(experiment.Schedule.WarmUp.At(state.StepsDone - 1), experiment.Schedule.Temperature.At(state.StepsDone - 1));
        var codes = new CodeInference(state.Model, anneal).Codes(CodeKind.AsTrained, validation, new(experiment.Seed, NoisePurpose.Validation, (uint)epoch), experiment.Sampling.DrawsInEvaluation);
        var terms = CodeEvaluation.Terms(state.Model, validation, codes);
        if (state.Guard is not null) return terms.Values.All(double.IsFinite) ? terms : null;
        RequireFinite(terms, "validation");
        return terms;
    }

    private void RequireFinite(LossTerms terms, string where)
    {
        for (int i = 0; i < terms.Values.Count; i++)
        {
            if (double.IsFinite(terms.Values[i])) continue;
            throw new TrainingDivergedException(
                $"The {where} term '{terms.Names[i]}' became {terms.Values[i]} at step {state.StepsDone + 1} of {state.TotalSteps}; "
                + $"the last checkpoint is from before. Lower {Rates}, or set schedule.stepSizes to 'adaptive'.");
        }
    }

    private bool IsDue(TimeSpan interval)
    {
        var waited = Stopwatch.GetElapsedTime(lastSaved);
        return waited >= interval && waited * SavingShare >= savingTime;
    }

    private void Save()
    {
        long begun = Stopwatch.GetTimestamp();
        saveCheckpoint();
        lastSaved = Stopwatch.GetTimestamp();
        savingTime = Stopwatch.GetElapsedTime(begun, lastSaved);
    }
}
