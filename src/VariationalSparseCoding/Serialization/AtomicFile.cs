using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Writes files whole: under a temporary name of its own, <c>.NAME.XXXXXXXX.vsc-partial</c>, flushed to the disk, then renamed. A reader sees the old file or the
/// new one, never a part, and no other file is touched but what a killed writer of the same file has left.
/// </summary>
internal static class AtomicFile
{
    private const string TemporaryEnding = ".vsc-partial";
    private const int RandomLetters = 8;
    private static readonly System.Buffers.SearchValues<char> letters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Whether a file has a name that <see cref="Write"/> gives to a file that it has not finished; where nobody writes, a killed process has left it.</summary>
    /// <param name="path">The file.</param>
    internal static bool IsTemporary(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        int dot = name.Length - TemporaryEnding.Length - RandomLetters - 1;
        return dot > 1 && name[0] == '.' && name[dot] == '.' && !name.Slice(dot + 1, RandomLetters).ContainsAnyExcept(letters) && name.EndsWith(TemporaryEnding, StringComparison.Ordinal);
    }

    /// <summary>Writes a file whole, replacing an earlier one of that name. Creates the folder where it is missing.</summary>
    /// <param name="path">The file's final path.</param>
    /// <param name="write">Writes the content to the stream it is given.</param>
    /// <exception cref="InvalidInputException">The file cannot be created there.</exception>
    /// <exception cref="IOException">The disk is full, or the file larger than allowed; nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        var created = Create(path, full);
        string temporary = created.Name;
        try
        {
            using (var stream = created)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
            RemoveLeftovers(full);
        }
        catch (Exception error)
        {
            File.Delete(temporary);
            // The runtime's word for a file that is larger than the file system or the process's limit allows.
            if (error is ArgumentOutOfRangeException { ParamName: "value" }) throw new IOException($"{path}: cannot be written whole: it is larger than the system allows.", error);
            throw;
        }
    }

    // Whoever still writes holds a lock.
    private static void RemoveLeftovers(string full)
    {
        string beginning = $".{Path.GetFileName(full)}.";
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(full)!).EnumerateFiles())
        {
            bool isOurs = file.Name.Length == beginning.Length + RandomLetters + TemporaryEnding.Length && file.Name.StartsWith(beginning, StringComparison.Ordinal) && IsTemporary(file.Name);
            if (!isOurs || file.LinkTarget is not null) continue;
            try
            {
#pragma warning disable RS0030 // Only the lock is wanted.
                using (new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
#pragma warning restore RS0030
                file.Delete();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is being written, or is somebody else's.
            }
        }
    }

    private static FileStream Create(string path, string full)
    {
        try
        {
            if (Directory.Exists(full)) throw new InvalidInputException($"{path}: is a folder; name a file to write.");
            // To rename over a pipe or a device, such as /dev/null, would remove it.
            if (RegularFile.IsSpecial(full)) throw new InvalidInputException($"{path}: is a pipe, socket or device, not a file; name a file to write.");
            string folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            while (true)
            {
                string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()[..RandomLetters]}{TemporaryEnding}");
                try
                {
                    // Never an existing file, nor where a link of that name points to.
#pragma warning disable RS0030 // The one place that creates files.
                    return new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
#pragma warning restore RS0030
                }
                catch (IOException) when (File.Exists(temporary))
                {
                    // Another writer drew the same name: draw again.
                }
            }
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
