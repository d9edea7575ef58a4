using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>What is known of a row of a store.</summary>
/// <param name="Sample">The number of the sample that the row belongs to: of a text, an image, or a row of a matrix.</param>
/// <param name="Name">The text, or the image's file; null if samples have numbers only.</param>
/// <param name="Token">The token; null if the row is not one token's.</param>
/// <param name="Position">Which position of the sample it is; null if it is the whole sample.</param>
/// <param name="Label">The sample's label; null if it has none.</param>
internal readonly record struct RowNote(int Sample, string? Name, string? Token, int? Position, string? Label);

/// <summary>
/// The file beside the shards of a store that says what each row is (docs/data.md). It is a Parquet file, which another package reads: that package registers itself.
/// </summary>
internal abstract class RowNotes : IDisposable
{
    /// <summary>Its name in the store's folder.</summary>
    public const string FileName = "rows.parquet";

    private static volatile Func<string, RowNotes>? reader;

    /// <summary>Rows, N.</summary>
    public abstract long Rows { get; }

    /// <summary>Whether samples have labels.</summary>
    public abstract bool HasLabels { get; }

    /// <summary>Makes known how such files are read.</summary>
    /// <param name="open">Opens one.</param>
    public static void Register(Func<string, RowNotes> open) => reader = open;

    /// <summary>Opens the notes of a store.</summary>
    /// <param name="source">What is opened as the store.</param>
    /// <returns>The notes; null if the source has none, or this program cannot read them.</returns>
    /// <exception cref="InvalidInputException">They are damaged.</exception>
    public static RowNotes? Open(string source)
    {
        if (FileOf(source) is not { } path || reader is not { } open) return null;
        return open(path);
    }

    /// <summary>The path of a store's notes; null if it has none.</summary>
    /// <param name="source">What is opened as the store.</param>
    public static string? FileOf(string source) =>
        StoreDescription.IsIn(source) && Path.Combine(source, FileName) is var path && File.Exists(path) ? path : null;

    /// <summary>Reads notes.</summary>
    /// <param name="rows">The rows, in any order; those that are not there are left out.</param>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public abstract IReadOnlyDictionary<long, RowNote> Read(IEnumerable<long> rows);

    /// <summary>Reads the labels of all rows, block after block.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or has none.</exception>
    public abstract IEnumerable<string[]> Labels();

    /// <summary>Closes the file.</summary>
    public abstract void Dispose();
}
