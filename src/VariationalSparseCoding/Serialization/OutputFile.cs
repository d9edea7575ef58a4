namespace VariationalSparseCoding.Serialization;

/// <summary>The rule that what is written never replaces what is read.</summary>
internal static class OutputFile
{
    private static readonly StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Makes sure that an output is not an input, under whatever name or link, and does not replace a file inside an input that is a folder.</summary>
    /// <param name="output">The file to write.</param>
    /// <param name="input">The file or folder that is read; a name that is not a path, such as that of a data set, is no file and passes.</param>
    /// <exception cref="InvalidInputException">It is.</exception>
    public static void RequireNotInput(string output, string input)
    {
        if (!Path.Exists(input) || !Path.Exists(output)) return;
        string written = RealPath(output), read = RealPath(input);
        if (Directory.Exists(read) ? IsBelow(written, read) : string.Equals(written, read, comparison))
            throw new InvalidInputException($"{output}: is read by this command ({input}) and would be replaced; write to another file.");
    }

    /// <summary>Makes sure that what is about to be written under a name of the program's own choice replaces no other file.</summary>
    /// <param name="output">The file to write.</param>
    /// <param name="content">What it will hold.</param>
    /// <exception cref="InvalidInputException">There is a file of that name with other content.</exception>
    public static void RequireNotAnother(string output, byte[] content)
    {
        if (Path.Exists(output) && !(new FileInfo(output).Length == content.Length && InputFile.ReadBytes(output).AsSpan().SequenceEqual(content)))
            throw Another(output);
    }

    /// <summary>The refusal to replace a file that is there and holds something else.</summary>
    /// <param name="output">The file.</param>
    public static InvalidInputException Another(string output) => new($"{output}: is there already with other content and would be replaced; move it away, or write elsewhere.");

    /// <summary>Whether a path lies in a folder or its subfolders, or is the folder; neither need exist.</summary>
    /// <param name="path">The path.</param>
    /// <param name="folder">The folder.</param>
    public static bool IsIn(string path, string folder) => IsBelow(RealPath(path), RealPath(folder));

    /// <summary>Whether two paths name one file, under whatever link; neither need exist.</summary>
    /// <param name="path">A path.</param>
    /// <param name="other">Another.</param>
    public static bool IsSame(string path, string other) => string.Equals(RealPath(path), RealPath(other), comparison);

    private static bool IsBelow(string path, string folder) =>
        string.Equals(path, folder, comparison) || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, comparison);

    // Links may stand at every step of a path.
    private static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        string here = Path.Combine(RealPath(parent), Path.GetFileName(full));
        try
        {
            return new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
        }
        catch (IOException)
        {
            // Links in a circle lead to no file that could be lost.
            return here;
        }
    }
}
