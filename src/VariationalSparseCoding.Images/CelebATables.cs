using System.Globalization;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>The two lists that come with CelebA's images: which part each image belongs to, and its attributes.</summary>
/// <param name="Parts">Image names in the order of the list, each with its part: 0 training, 1 validation, 2 test.</param>
/// <param name="AttributeNames">Names of the attributes, [M].</param>
/// <param name="Attributes">Of each image by name, 1 where an attribute holds, else 0, [M].</param>
internal sealed record CelebATables(IReadOnlyList<(string Name, int Part)> Parts, IReadOnlyList<string> AttributeNames, IReadOnlyDictionary<string, byte[]> Attributes)
{
    public const string PartitionFile = "list_eval_partition.txt", AttributeFile = "list_attr_celeba.txt";
    private const string Advice = "take the list as it comes with the images";

    /// <summary>Reads both lists.</summary>
    /// <param name="root">The folder that holds them.</param>
    /// <param name="faults">Receives what is wrong with them.</param>
    /// <returns>Null where something is wrong.</returns>
    public static CelebATables? Read(string root, ICollection<string> faults)
    {
        int before = faults.Count;
        var parts = Attempt(() => ReadParts(Path.Combine(root, PartitionFile)), faults);
        var attributes = Attempt(() => ReadAttributes(Path.Combine(root, AttributeFile)), faults);
        if (faults.Count > before) return null;
        string? missing = parts!.Select(image => image.Name).FirstOrDefault(name => !attributes.Rows!.ContainsKey(name));
        if (missing is null) return new(parts!, attributes.Names, attributes.Rows);
        faults.Add($"{Path.Combine(root, AttributeFile)}: {missing} of {PartitionFile} is not in it; {Advice}");
        return null;
    }

    private static T? Attempt<T>(Func<T> read, ICollection<string> faults)
    {
        try
        {
            return read();
        }
        catch (InvalidInputException fault)
        {
            faults.Add(fault.Message);
            return default;
        }
    }

    private static List<(string Name, int Part)> ReadParts(string path)
    {
        var parts = new List<(string, int)>();
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (Words(line) is not { Length: > 0 } words) continue;
            if (words is not [var name, "0" or "1" or "2"])
                throw Malformed(path, number, $"'{line.Trim()}' is no image's name and its part, 0 (training), 1 (validation) or 2 (test)");
            parts.Add((name, words[1][0] - '0'));
        }
        return parts.Count > 0 ? parts : throw InputFile.Malformed(path, "the list is empty", Advice);
    }

    private static (string[] Names, Dictionary<string, byte[]> Rows) ReadAttributes(string path)
    {
        using var lines = Lines(path).GetEnumerator();
        if (!lines.MoveNext() || !int.TryParse(lines.Current, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int count) || count < 1)
            throw Malformed(path, 1, "it is not the number of images");
        string[] names = lines.MoveNext() ? Words(lines.Current) : [];
        if (names.Length == 0) throw Malformed(path, 2, "it does not hold the attributes' names");
        var rows = new Dictionary<string, byte[]>();
        for (int number = 3; lines.MoveNext(); number++)
        {
            if (Words(lines.Current) is not { Length: > 0 } words) continue;
            if (words.Length != names.Length + 1) throw Malformed(path, number, $"{words.Length - 1} values stand where there are {names.Length} attributes");
            if (!rows.TryAdd(words[0], Array.ConvertAll(words[1..], word => word == "1" ? (byte)1 : word == "-1" ? (byte)0 : throw Malformed(path, number, $"'{word}' is neither 1 nor -1"))))
                throw Malformed(path, number, $"{words[0]} stands there twice");
        }
        return rows.Count == count ? (names, rows) : throw InputFile.Malformed(path, $"it announces {count} images and holds {rows.Count}", Advice);
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // Read whole, so that every way in which reading can fail is met here.
    private static List<string> Lines(string path) => InputFile.Read(path, stream =>
    {
        var lines = new List<string>();
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    });

    private static InvalidInputException Malformed(string path, int line, string cause) => InputFile.Malformed(path, $"line {line}: {cause}", Advice);
}
