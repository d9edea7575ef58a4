using Microsoft.Win32.SafeHandles;

namespace VariationalSparseCoding.Serialization;

/// <summary>The length of a file that is mapped into memory. To read behind the end of a file that was cut short meanwhile ends the process; so it is asked first.</summary>
internal sealed class MappedLength : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly long needed;

    /// <summary>Opens the file that is mapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needed">How many of its bytes are read.</param>
    public MappedLength(string path, long needed)
    {
        (Path, this.needed) = (path, needed);
        handle = File.OpenHandle(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Makes sure that the bytes are still there.</summary>
    /// <exception cref="IOException">The file was cut short.</exception>
    public void Require()
    {
        if (RandomAccess.GetLength(handle) is var length && length < needed)
            throw new IOException($"{Path}: was cut short while it was read: {length} bytes are left where {needed} are needed; put the file back.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => handle.Dispose();
}
