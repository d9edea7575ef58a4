using System.Runtime.ExceptionServices;

namespace VariationalSparseCoding.Kernels;

/// <summary>Threads that do the parts of one piece of work after another, the caller among them, so that a step of many short pieces does not start threads for each.</summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly Barrier barrier;
    private readonly Thread[] others;
    private Action<int>? work;
    private ExceptionDispatchInfo? failure;

    /// <summary>Creates the team.</summary>
    /// <param name="size">Number of threads, at least 1.</param>
    /// <param name="enter">Called once on each thread that the team adds to the caller's; null for nothing.</param>
    public ThreadTeam(int size, Action? enter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        barrier = new(size);
        others = [.. Enumerable.Range(1, size - 1).Select(own => new Thread(() => Serve(own, enter)) { IsBackground = true, Name = $"{nameof(ThreadTeam)} {own}" })];
        foreach (var thread in others) thread.Start();
        // Waits until every thread has entered.
        Run(_ => { });
    }

    /// <summary>Number of threads, and of the parts of each piece of work.</summary>
    public int Size { get; }

    /// <summary>Where a part of a range begins: part p covers [Bound(count, p), Bound(count, p + 1)).</summary>
    /// <param name="count">Items of the range.</param>
    /// <param name="part">The part, from 0; <see cref="Size"/> gives the end.</param>
    public int Bound(int count, int part) => (int)((long)count * part / Size);

    /// <summary>The columns of a part, divided between panels of <see cref="MatrixProduct"/>; some parts may be empty.</summary>
    /// <param name="columns">Number of columns.</param>
    /// <param name="part">The part.</param>
    public (int First, int End) PanelBounds(int columns, int part)
    {
        const int Panel = MatrixProduct.PanelWidth;
        int panels = (columns + Panel - 1) / Panel;
        return (Math.Min(columns, Bound(panels, part) * Panel), Math.Min(columns, Bound(panels, part + 1) * Panel));
    }

    /// <summary>Calls <paramref name="body"/>(part) for every part at the same time, and returns when all are done.</summary>
    /// <param name="body">The work of one part.</param>
    public void Run(Action<int> body)
    {
        work = body;
        barrier.SignalAndWait();
        RunPart(body, 0);
        barrier.SignalAndWait();
        if (Interlocked.Exchange(ref failure, null) is { } thrown) thrown.Throw();
    }

    public void Dispose()
    {
        work = null;
        barrier.SignalAndWait();
        // The others are still on their way out of the barrier.
        foreach (var thread in others) thread.Join();
        barrier.Dispose();
    }

    private void Serve(int part, Action? enter)
    {
        enter?.Invoke();
        while (true)
        {
            barrier.SignalAndWait();
            if (work is not { } body) return;
            RunPart(body, part);
            barrier.SignalAndWait();
        }
    }

    private void RunPart(Action<int> body, int part)
    {
        try
        {
            body(part);
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
