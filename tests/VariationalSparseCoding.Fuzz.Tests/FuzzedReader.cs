namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>One reader of files, and how inputs for it are made.</summary>
/// <param name="Name">What is read.</param>
/// <param name="File">The file's name; it may name a folder too.</param>
/// <param name="Make">Makes a damaged input.</param>
/// <param name="Read">Reads the file at a path: it succeeds, or throws <see cref="InvalidInputException"/>.</param>
internal sealed record FuzzedReader(string Name, string File, Func<Damages, byte[]> Make, Action<string> Read)
{
    private const long Plain = 10;

    /// <summary>Bytes of memory that the content of a file justifies, beside what every reading takes: ten times its size unless said otherwise.</summary>
    public Func<byte[], long> Justified { get; init; } = bytes => Plain * bytes.Length;

    /// <summary>Whether one reading takes so long that it gets fewer inputs.</summary>
    public bool Rarely { get; init; }

    /// <summary>Intact files of the same folder by name, the one that is damaged among them.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Beside { get; init; } = [];
}
