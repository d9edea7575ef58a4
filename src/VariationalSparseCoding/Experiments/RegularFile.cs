using System.Formats.Tar;

namespace VariationalSparseCoding.Experiments;

/// <summary>Opens files that somebody else wrote, unless they are pipes, sockets or devices, from which a read may wait for ever.</summary>
internal static class RegularFile
{
    /// <summary>Opens a file for reading from its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file, which can seek and knows its length.</returns>
    /// <exception cref="InvalidInputException">It is a folder, is empty, or is not a regular file.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        // Opening a pipe waits for ever for somebody who writes into it. Pipes, sockets and devices have no length, and no file that is read may be empty.
        if (Directory.Exists(path)) throw Refused(path, "this is a folder; name a file");
        if (TargetOf(new FileInfo(path)) is { Exists: true, Length: 0 }) throw Refused(path, "the file is empty, or not a regular file; copy or save it again");
#pragma warning disable RS0030 // The one place that opens files to read.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
#pragma warning restore RS0030
        if (stream.CanSeek) return stream;
        stream.Dispose();
        throw Refused(path, "this is not a regular file; copy its content into one");
    }

    /// <summary>Returns what a file is once all links are followed.</summary>
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

    /// <summary>Whether something exists that is neither a regular file nor a folder. It is not opened, which could wait for ever.</summary>
    /// <param name="path">The file.</param>
    public static bool IsSpecial(string path)
    {
        if (!File.Exists(path)) return false;
        // Links of the kernel, such as /dev/stdout, lead to what has no name.
        if (TargetOf(new FileInfo(path)) is not { Exists: true } target) return true;
        if (target.Length > 0) return false;
        try
        {
            // The runtime tells the kind of a file nowhere else.
            using var archive = new MemoryStream();
            using (var writer = new TarWriter(archive, leaveOpen: true)) writer.WriteEntry(target.FullName, "file");
            archive.Position = 0;
            using var reader = new TarReader(archive);
            return reader.GetNextEntry() is not { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Sockets have no place in archives; what may not be read may not be replaced unseen.
            return true;
        }
    }

    private static InvalidInputException Refused(string path, string problem) => new(PrintableText.Of($"{path}: {problem}"));
}
