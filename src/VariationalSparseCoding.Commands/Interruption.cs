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
    private readonly ManualResetEventSlim signalled = new(), ended = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>
    /// Starts to listen. A program does so before anything else, and until its process ends: no thread can start while a library is being loaded, so that all that a signal needs are there before.
    /// </summary>
    public Interruption()
    {
        ProcessEnd.Prepare();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }) registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        new Thread(SayLastWords) { IsBackground = true, Name = "vsc-last-words" }.Start();
        new Thread(EndProcessIfStillRunning) { IsBackground = true, Name = "vsc-end" }.Start();
        // The runtime hands signals to a thread of the pool.
        ThreadPool.UnsafeQueueUserWorkItem(_ => { }, null);
    }

    /// <summary>What is said before the process is ended.</summary>
    public Action LastWords { get; set; } = () => { };

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops to listen: the command has ended.</summary>
    public void Dispose()
    {
        ended.Set();
        signalled.Set();
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        signalled.Set();
        source.Cancel();
    }

    private void SayLastWords()
    {
        signalled.Wait();
        if (!ended.Wait(Patience)) LastWords();
    }

    private void EndProcessIfStillRunning()
    {
        signalled.Wait();
        if (!ended.Wait(Patience + PatienceOfLastWords)) ProcessEnd.Now(ExitCode.Interrupted);
    }
}
