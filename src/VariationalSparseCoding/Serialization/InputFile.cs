using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Serialization;

/// <summary>Opens files that somebody else wrote, and turns every way in which that can fail into an <see cref="InvalidInputException"/>.</summary>
internal static class InputFile
{
    // Deflate cannot do better than 1032 to 1, so a larger declared ratio is a lie.
    private const long LargestDeflateRatio = 1040;

    /// <summary>Reads a file from its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Receives the open file, which can seek and knows its length.</param>
    /// <exception cref="InvalidInputException">The file is missing, cannot be opened, ends early or is damaged.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read) => Guard(path, () =>
    {
        RequireContent(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (!stream.CanSeek) throw Malformed(path, "this is not a regular file", "copy its content into one");
        return read(stream);
    });

    /// <summary>Reads a stream that is open already.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="source">How messages name it.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidInputException">The stream ends early, cannot be read or its content is damaged.</exception>
    public static T Read<T>(Stream stream, string source, Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead) throw new ArgumentException($"The stream '{source}' cannot be read.", nameof(stream));
        return Guard(source, read);
    }

    /// <summary>What a file is once all links are followed.</summary>
    /// <param name="file">A file or link.</param>
    /// <returns>The file itself, or the last link's target, which may not exist; null if the links lead in a circle.</returns>
    public static FileInfo? TargetOf(FileInfo file)
    {
        if (file.LinkTarget is null) return file;
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The exception for content that cannot be used.</summary>
    /// <param name="source">The file, and the part of it where that helps.</param>
    /// <param name="cause">What is wrong.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="inner">The failure that revealed it, if any.</param>
    public static InvalidInputException Malformed(string source, string cause, string advice, Exception? inner = null) =>
        new(PrintableText.Of($"{source}: {cause}; {advice}"), inner);

    /// <summary>Whether deflated data of one length can expand to another at all.</summary>
    /// <param name="compressed">Length of the deflated data in bytes.</param>
    /// <param name="expanded">Declared length of the expanded data in bytes.</param>
    public static bool CanExpandTo(long compressed, long expanded) => expanded / LargestDeflateRatio <= compressed;

    // Opening a pipe waits for ever for somebody who writes into it. Pipes, sockets and devices have no length, and no file that is read may be empty.
    private static void RequireContent(string path)
    {
        if (Directory.Exists(path)) throw Malformed(path, "this is a folder", "name a file");
        if (TargetOf(new FileInfo(path)) is { Exists: true, Length: 0 }) throw Malformed(path, "the file is empty, or not a regular file", "copy or save it again");
    }

    private static T Guard<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{source}: there is no such file; check the path", failure);
        }
        catch (EndOfStreamException failure)
        {
            throw Malformed(source, "the file ends before its content does", "copy or save it again", failure);
        }
        catch (InvalidDataException failure)
        {
            throw Malformed(source, $"its compressed content is damaged ({failure.Message})", "copy or save it again", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Malformed(source, $"the file cannot be read ({failure.Message})", "check that it is a file and may be read", failure);
        }
    }
}
