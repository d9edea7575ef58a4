using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>Shows a run's progress: a live bar on a terminal, one plain line per epoch if output is redirected.</summary>
/// <param name="schedule">The run's schedule, whose warm-ups explain a loss that rises.</param>
internal abstract class TrainingProgress(ScheduleOptions schedule) : ITrainingObserver, IDisposable
{
    private readonly Stopwatch watch = new();
    private long first, total;

    public static TrainingProgress Create(TextWriter output, ScheduleOptions schedule) =>
        Consoles.IsLive(output) ? new LiveProgress(Consoles.For(output), schedule) : new PlainProgress(output, schedule);

    public virtual void OnStart(long stepsDone, long totalSteps)
    {
        (first, total) = (stepsDone, totalSteps);
        watch.Restart();
    }

    public virtual void OnStep(StepEvent made) { }

    public abstract void OnEpoch(EpochEvent finished);

    public virtual void Dispose() { }

    /// <summary>Steps per second of this process.</summary>
    protected double Rate(long step) => (step - first) / Math.Max(1e-9, watch.Elapsed.TotalSeconds);

    /// <summary>The same as a text, with decimals if steps are slow.</summary>
    protected string RateText(long step) => Rate(step).ToString(Rate(step) < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);

    /// <summary>The estimated time left.</summary>
    protected TimeSpan Left(long step) => step == first ? TimeSpan.Zero : TimeSpan.FromSeconds((total - step) / Rate(step));

    /// <summary>Returns a duration as hours, minutes and seconds, with days before them if there are any.</summary>
    /// <param name="time">The duration.</param>
    internal static string Duration(TimeSpan time) => time.ToString(time.TotalDays < 1 ? @"hh\:mm\:ss" : @"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>How far the warm-ups are while they last, with two spaces before; else nothing.</summary>
    /// <param name="step">Steps done, from 1.</param>
    protected string WarmUp(long step)
    {
        double reached = Math.Min(schedule.WarmUp.At(step - 1), schedule.KlWarmUp.At(step - 1));
        return reached >= 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"  warm-up {Math.Floor(100 * reached)}%");
    }

    protected static string Describe(LossTerms terms) =>
        string.Join("  ", terms.Names.Zip(terms.Values, (name, value) => string.Create(CultureInfo.InvariantCulture, $"{name.Replace('_', ' ')} {value:G4}")));

    private sealed class PlainProgress(TextWriter output, ScheduleOptions schedule) : TrainingProgress(schedule)
    {
        public override void OnEpoch(EpochEvent finished)
        {
            string validation = finished.Validation is null ? "" : "  | validation " + Describe(finished.Validation);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"epoch {finished.Epoch}  {Describe(finished.Train)}{WarmUp(finished.Step)}{validation}  | {RateText(finished.Step)} steps/s  {Duration(Left(finished.Step))} left"));
            output.Flush();
        }
    }

    private sealed class LiveProgress(IAnsiConsole console, ScheduleOptions schedule) : TrainingProgress(schedule)
    {
        private readonly ManualResetEventSlim finished = new();
        private Task? display;
        private ProgressTask? bar;
        private LossTerms? validation;
        private long shown;

        public override void OnStart(long stepsDone, long totalSteps)
        {
            base.OnStart(stepsDone, totalSteps);
            using var ready = new ManualResetEventSlim();
            display = Task.Factory.StartNew(() => console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .Start(context =>
                {
                    bar = context.AddTask("starting", maxValue: totalSteps);
                    bar.Value = stepsDone;
                    ready.Set();
                    finished.Wait();
                }), TaskCreationOptions.LongRunning);
            ready.Wait();
        }

        public override void OnStep(StepEvent made)
        {
            if (Stopwatch.GetElapsedTime(shown).TotalMilliseconds < 100 && made.Step < made.TotalSteps) return;
            shown = Stopwatch.GetTimestamp();
            bar!.Value = made.Step;
            // The first term is the one that matters.
            string measured = validation is null ? "" : "  validation " + Describe(new([validation.Names[0]], [validation.Values[0]]));
            bar.Description = Consoles.Cell(string.Create(CultureInfo.InvariantCulture,
                $"epoch {made.Epoch}  {Describe(made.Terms)}{WarmUp(made.Step)}{measured}  {RateText(made.Step)} steps/s  {Duration(Left(made.Step))} left"));
        }

        public override void OnEpoch(EpochEvent finished) => validation = finished.Validation ?? validation;

        public override void Dispose()
        {
            bar?.StopTask();
            finished.Set();
            display?.Wait();
            finished.Dispose();
            base.Dispose();
        }
    }
}
