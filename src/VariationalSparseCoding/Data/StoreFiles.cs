using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>The files of a store: one file, the files of a folder, those that a pattern names, our own stores and those of saev.</summary>
internal static class StoreFiles
{
    private const int FilesLookedAt = 1000;

    // A folder of images that also holds a file of numbers is a folder of images.
    private static readonly string[] imageEndings = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>Whether a text is a pattern, with * or ? in its last part, and not the path of a file.</summary>
    /// <param name="source">The text.</param>
    public static bool IsPattern(string source) => Path.GetFileName(source.AsSpan()).ContainsAny('*', '?') && !Path.Exists(source);

    /// <summary>Whether a folder holds rows of numbers, by the names of its files.</summary>
    /// <param name="folder">The folder.</param>
    public static bool AreIn(string folder)
    {
        try
        {
            if (!Directory.Exists(folder)) return false;
            if (StoreDescription.IsIn(folder) || SaevStore.IsIn(folder)) return true;
            string[] files = [.. Directory.EnumerateFiles(folder).Take(FilesLookedAt)];
            return Array.Exists(files, IsOfRows) && !Array.Exists(files, file => imageEndings.Contains(RowFormats.EndingOf(file)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it says why not.
            return false;
        }
    }

    /// <summary>Returns the files whose rows a source stands for.</summary>
    /// <param name="source">A file, a folder of files, or a pattern.</param>
    /// <exception cref="InvalidInputException">There are none, or a folder holds files of several kinds.</exception>
    public static IReadOnlyList<string> Of(string source)
    {
        if (Directory.Exists(source))
        {
            string[] files = [.. Listed(source, source, "*").Where(IsOfRows)];
            string[] endings = [.. files.Select(RowFormats.EndingOf).Distinct()];
            return endings.Length switch
            {
                1 => files,
                0 => throw InputFile.Malformed(source, "there are no rows of numbers in this folder", $"name a folder with files that end in {string.Join(", ", RowFormats.Endings)}"),
                _ => throw InputFile.Malformed(source, $"there are files of several kinds in this folder ({string.Join(", ", endings)})", $"name one kind, such as '{Path.Combine(source, "*" + endings[0])}'"),
            };
        }
        if (!IsPattern(source)) return [source];
        string folder = Path.GetDirectoryName(source) is { Length: > 0 } named ? named : ".";
        string[] matched = Directory.Exists(folder) ? [.. Listed(source, folder, Path.GetFileName(source))] : [];
        return matched.Length > 0 ? matched : throw InputFile.Malformed(source, "no file has a name of this form", "check the path");
    }

    /// <summary>Opens the files of a store.</summary>
    /// <param name="source">A file, a folder of files, or a pattern.</param>
    /// <param name="part">Which tensor, array, column or layer; empty for the only one.</param>
    /// <param name="notes">Receives what a person should know.</param>
    /// <returns>At least one shard, in order; the caller disposes them.</returns>
    /// <exception cref="InvalidInputException">There are none, or one is damaged.</exception>
    public static IReadOnlyList<RowShard> Open(string source, string part, ICollection<string> notes)
    {
        if (Directory.Exists(source) && StoreDescription.IsIn(source)) return OpenOwn(source, part, notes);
        if (Directory.Exists(source) && SaevStore.IsIn(source)) return SaevStore.Open(source, part);
        var opened = new List<RowShard>();
        try
        {
            foreach (string file in Of(source)) opened.Add(RowFormats.Require(file).Open(file, part));
            return opened;
        }
        catch
        {
            foreach (var shard in opened) shard.Dispose();
            throw;
        }
    }

    private static List<RowShard> OpenOwn(string folder, string part, ICollection<string> notes)
    {
        var description = StoreDescription.Read(folder);
        if (part is not ("" or StoreDescription.TensorName)) throw new InvalidInputException($"{folder}: a store has one tensor, '{StoreDescription.TensorName}', not '{part}'; leave out data.tensor");
        if (description.Shards.Count == 0) throw InputFile.Malformed(folder, "the store has no rows yet", "collect some");
        if (!description.Complete) notes.Add($"{folder}: the store was not written to its end; its {description.Count} rows are used");
        var opened = new List<RowShard>();
        try
        {
            foreach (var shard in description.Shards)
            {
                string path = Path.Combine(folder, shard.File);
                opened.Add(new SafetensorsRows().Open(path, StoreDescription.TensorName));
                if ((opened[^1].Rows, opened[^1].Columns) != (shard.Rows, description.Dimension))
                    throw InputFile.Malformed(path, $"it holds {opened[^1].Rows} rows of {opened[^1].Columns} values where {StoreDescription.FileName} says {shard.Rows} of {description.Dimension}", "copy the store again, or collect it anew");
            }
            return opened;
        }
        catch
        {
            foreach (var shard in opened) shard.Dispose();
            throw;
        }
    }

    private static bool IsOfRows(string path) => RowFormats.HasEnding(path) && !Path.GetFileName(path.AsSpan()).StartsWith('.');

    private static IEnumerable<string> Listed(string source, string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Malformed(source, $"the folder cannot be read ({failure.Message})", "check that it may be read", failure);
        }
    }
}
