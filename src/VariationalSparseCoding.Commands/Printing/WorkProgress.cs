using System.Globalization;
using Spectre.Console;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>Shows the progress of preparing a data set's images: a live bar on a terminal, a line at every tenth if output is redirected.</summary>
internal static class WorkProgress
{
    /// <summary>Runs work that reports its progress.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="output">Where progress is shown.</param>
    /// <param name="what">What is being done.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(TextWriter output, string what, Func<IProgress<ImageProgress>, T> work)
    {
        if (!Consoles.IsLive(output)) return work(new Lines(output, what));
        return Consoles.For(output).Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .AutoClear(true)
            .Start(context => work(new Bar(context, what)));
    }

    private sealed class Lines(TextWriter output, string what) : IProgress<ImageProgress>
    {
        private int tenths;

        public void Report(ImageProgress value)
        {
            int reached = (int)(10L * value.Done / value.Total);
            if (reached <= tenths) return;
            tenths = reached;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value.Done} of {value.Total}"));
            output.Flush();
        }
    }

    private sealed class Bar(ProgressContext context, string what) : IProgress<ImageProgress>
    {
        private ProgressTask? task;

        public void Report(ImageProgress value)
        {
            task ??= context.AddTask(Consoles.Cell(what), maxValue: value.Total);
            task.Value = value.Done;
        }
    }
}
