namespace VariationalSparseCoding.Serialization;

/// <summary>Writes files whole: under a temporary name, flushed to the disk, then renamed. A reader sees the old file or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Ending of the temporary files; one left behind by a killed process may be deleted.</summary>
    public const string TemporaryEnding = ".partial";

    /// <summary>Writes a file whole, replacing an earlier one of that name. Creates the folder where it is missing.</summary>
    /// <param name="path">The file's final path.</param>
    /// <param name="write">Writes the content to the stream it is given.</param>
    /// <exception cref="InvalidInputException">The file cannot be created there.</exception>
    /// <exception cref="IOException">The disk is full, or the file larger than allowed; nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path), temporary = full + TemporaryEnding;
        var created = Create(path, full, temporary);
        try
        {
            using (var stream = created)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception error)
        {
            File.Delete(temporary);
            // The runtime's word for a file that is larger than the file system or the process's limit allows.
            if (error is ArgumentOutOfRangeException { ParamName: "value" }) throw new IOException($"{path}: cannot be written whole: it is larger than the system allows.", error);
            throw;
        }
    }

    private static FileStream Create(string path, string full, string temporary)
    {
        try
        {
            if (Directory.Exists(full)) throw new InvalidInputException($"{path}: is a folder; name a file to write.");
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            return new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written ({error.Message}); name a file in a folder where you may write.", error);
        }
    }

    /// <summary>Writes a UTF-8 text file whole; see <see cref="Write"/>.</summary>
    /// <param name="path">The file's final path.</param>
    /// <param name="text">The content.</param>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
