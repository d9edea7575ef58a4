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
        using var stream = RegularFile.Open(path);
        return read(stream);
    });

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static byte[] ReadBytes(string path) => Read(path, stream =>
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });

    /// <summary>Reads the lines of a text.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static string[] ReadLines(string path) => Read(path, stream =>
    {
        using var reader = new StreamReader(stream);
        List<string> lines = [];
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines.ToArray();
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

    /// <summary>Turns the failures of reading a file into refusals.</summary>
    /// <param name="source">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    internal static T Guard<T>(string source, Func<T> read)
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
