using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Serialization;

/// <summary>The length of a file that is mapped into memory. To read behind the end of a file that was cut short meanwhile ends the process; so it is asked first.</summary>
internal sealed class MappedLength : IDisposable
{
    private readonly FileStream stream;
    private readonly long needed;

    /// <summary>Opens the file that is mapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needed">How many of its bytes are read.</param>
    /// <exception cref="InvalidInputException">It is not a regular file.</exception>
    public MappedLength(string path, long needed)
    {
        (Path, this.needed) = (path, needed);
        stream = RegularFile.Open(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Makes sure that the bytes are still there.</summary>
    /// <exception cref="IOException">The file was cut short.</exception>
    public void Require()
    {
        if (RandomAccess.GetLength(stream.SafeFileHandle) is var length && length < needed)
            throw new IOException($"{Path}: was cut short while it was read: {length} bytes are left where {needed} are needed; put the file back.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();
}
