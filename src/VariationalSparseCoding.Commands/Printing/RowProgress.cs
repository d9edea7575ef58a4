using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>How far work is that makes rows.</summary>
/// <param name="Fraction">The part that is done, in [0, 1].</param>
/// <param name="Rows">Rows so far.</param>
internal readonly record struct RowsDone(double Fraction, long Rows);

/// <summary>Shows the progress and rate of work that makes rows: a live bar on a terminal, a line at every tenth if output is redirected.</summary>
internal static class RowProgress
{
    /// <summary>Runs work that reports its progress, at first where it begins.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="output">Where progress is shown.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(TextWriter output, Func<IProgress<RowsDone>, T> work)
    {
        if (!Consoles.IsLive(output)) return work(new Lines(output));
        return Consoles.For(output).Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .AutoClear(true)
            .Start(context => work(new Bar(context)));
    }

    /// <summary>Rows, rate and time left as a text.</summary>
    private sealed class Pace
    {
        private readonly Stopwatch watch = new();
        private RowsDone first;

        public string Describe(RowsDone done)
        {
            if (!watch.IsRunning)
            {
                first = done;
                watch.Start();
            }
            double seconds = Math.Max(1e-9, watch.Elapsed.TotalSeconds), made = done.Fraction - first.Fraction;
            string rows = string.Create(CultureInfo.InvariantCulture, $"{done.Rows} rows");
            return made <= 0 ? rows
                : string.Create(CultureInfo.InvariantCulture, $"{rows}  {(done.Rows - first.Rows) / seconds:F0} rows/s  {TrainingProgress.Duration(TimeSpan.FromSeconds(seconds * (1 - done.Fraction) / made))} left");
        }
    }

    private sealed class Lines(TextWriter output) : IProgress<RowsDone>
    {
        private readonly Pace pace = new();
        private int tenths = -1;

        public void Report(RowsDone value)
        {
            string text = pace.Describe(value);
            int reached = (int)(10 * value.Fraction);
            // The first report says where the work goes on.
            if (tenths >= 0 && reached > tenths)
            {
                output.WriteLine(text);
                output.Flush();
            }
            tenths = Math.Max(tenths, reached);
        }
    }

    private sealed class Bar(ProgressContext context) : IProgress<RowsDone>
    {
        private readonly Pace pace = new();
        private ProgressTask? task;

        public void Report(RowsDone value)
        {
            task ??= context.AddTask("rows", maxValue: 1);
            task.Value = value.Fraction;
            task.Description = Consoles.Cell(pace.Describe(value));
        }
    }
}
