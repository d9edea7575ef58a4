using System.Diagnostics;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Runs work on a thread of its own and notices when one part of it takes too long.</summary>
internal sealed class Watch
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private long deadline = long.MaxValue;

    /// <summary>Begins the next part of the work.</summary>
    /// <param name="longest">How long it may take.</param>
    public void Begin(TimeSpan longest) => Volatile.Write(ref deadline, Stopwatch.GetTimestamp() + (long)(longest.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Runs work that calls <see cref="Begin"/> before each of its parts.</summary>
    /// <param name="work">The work; its exceptions are thrown here.</param>
    /// <returns>Whether it came to its end; if not, its thread is left behind.</returns>
    public bool Run(Action work)
    {
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            Task.WhenAny(task, Task.Delay(Glance)).Wait();
            if (!task.IsCompleted && Stopwatch.GetTimestamp() > Volatile.Read(ref deadline)) return false;
        }
        task.GetAwaiter().GetResult();
        return true;
    }
}
