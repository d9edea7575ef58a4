using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Commands;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancellation. What does not stop in time, such as a long call into native code, is ended with the process;
/// a second signal ends it at once. Files are written whole under a temporary name and renamed, so that none is damaged.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.3);

    // The last words must not wait for a reader who is gone.
    private static readonly TimeSpan PatienceOfLastWords = TimeSpan.FromSeconds(0.2);

    private readonly CancellationTokenSource source = new();
    private readonly ManualResetEventSlim ended = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Action lastWords;

    /// <summary>Starts to listen.</summary>
    /// <param name="lastWords">What is said before the process is ended.</param>
    public Interruption(Action lastWords)
    {
        this.lastWords = lastWords;
        ProcessEnd.Prepare();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }) registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops to listen: the command has ended.</summary>
    public void Dispose()
    {
        ended.Set();
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        // A thread of its own: those of the pool may all be busy.
        new Thread(EndProcessIfStillRunning) { IsBackground = true, Name = "end after a signal" }.Start();
        source.Cancel();
    }

    private void EndProcessIfStillRunning()
    {
        if (ended.Wait(Patience)) return;
        var farewell = new Thread(() => lastWords()) { IsBackground = true };
        farewell.Start();
        farewell.Join(PatienceOfLastWords);
        ProcessEnd.Now(ExitCode.Interrupted);
    }
}
