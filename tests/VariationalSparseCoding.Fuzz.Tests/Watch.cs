using System.Diagnostics;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Runs work on a thread of its own and notices when one part of it takes too long: of the processor's time, so that a busy machine is no failure, or six times as long in all.</summary>
internal sealed class Watch
{
    private const int Idle = 6;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private readonly Lock access = new();
    private TimeSpan most = TimeSpan.MaxValue, processor;
    private long began;

    /// <summary>Begins the next part of the work.</summary>
    /// <param name="longest">How long it may take.</param>
    public void Begin(TimeSpan longest)
    {
        lock (access) (most, processor, began) = (longest, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
    }

    /// <summary>Runs work that calls <see cref="Begin"/> before each of its parts.</summary>
    /// <param name="work">The work; its exceptions are thrown here.</param>
    /// <returns>Whether it came to its end; if not, its thread is left behind.</returns>
    public bool Run(Action work)
    {
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            Task.WhenAny(task, Task.Delay(Glance)).Wait();
            if (!task.IsCompleted && IsTooLong()) return false;
        }
        task.GetAwaiter().GetResult();
        return true;
    }

    private bool IsTooLong()
    {
        lock (access) return most < TimeSpan.MaxValue && (Environment.CpuUsage.TotalTime - processor > most || Stopwatch.GetElapsedTime(began) > Idle * most);
    }
}
