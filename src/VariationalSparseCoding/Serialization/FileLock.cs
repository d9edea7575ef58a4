namespace VariationalSparseCoding.Serialization;

/// <summary>Locks by which processes take turns: an empty file that is held open. The system lets go of it when the process ends, however that happens.</summary>
internal static class FileLock
{
    private const int WouldBlockOnLinux = 11, WouldBlockOnMac = 35, SharingViolation = 32, LockViolation = 33;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes a lock, or finds that another process has it.</summary>
    /// <param name="path">The file; created where it is missing.</param>
    /// <param name="options">Whether the file goes with the lock.</param>
    /// <returns>The lock, to be disposed; null if another has it.</returns>
    /// <exception cref="IOException">The file cannot be created there, which is another failure.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created there.</exception>
    public static FileStream? TryTake(string path, FileOptions options = FileOptions.None)
    {
        try
        {
#pragma warning disable RS0030 // A lock is held open and has no content.
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, options);
#pragma warning restore RS0030
        }
        catch (IOException error) when (IsInUse(error))
        {
            return null;
        }
    }

    /// <summary>Waits for a lock whose file goes with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The lock, to be disposed.</returns>
    /// <exception cref="InvalidInputException">The file cannot be created there.</exception>
    public static FileStream Take(string path, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryTake(path, FileOptions.DeleteOnClose) is { } taken) return taken;
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written ({error.Message}); make its folder writable.", error);
        }
    }

    // A folder that cannot be written, such as one on a read-only disk, is another failure.
    private static bool IsInUse(IOException error) => (error.HResult & 0xFFFF) is var code
        && (OperatingSystem.IsWindows() ? code is SharingViolation or LockViolation : code is WouldBlockOnLinux or WouldBlockOnMac);
}
