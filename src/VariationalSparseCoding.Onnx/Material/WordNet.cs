using System.Globalization;
using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Material;

/// <summary>The glosses of WordNet 3.0: what its synonym sets mean, with examples, each with one of 45 categories, such as noun.animal.</summary>
internal static class WordNet
{
    /// <summary>Whose it is and what may be done with it.</summary>
    public const string Licence = "WordNet 3.0, copyright 2006 by Princeton University, WordNet License (free to use, also commercially)";

    /// <summary>Where Debian's package has its files.</summary>
    public const string UsualFolder = "/usr/share/wordnet";

    private const string Separator = " | ";

    private static readonly string[] parts = ["noun", "verb", "adj", "adv"];

    /// <summary>The names of the lexicographers' files by their numbers, as lexnames(5WN) lists them.</summary>
    private static readonly string[] categories =
    [
        "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact", "noun.attribute", "noun.body", "noun.cognition",
        "noun.communication", "noun.event", "noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object", "noun.person", "noun.phenomenon",
        "noun.plant", "noun.possession", "noun.process", "noun.quantity", "noun.relation", "noun.shape", "noun.state", "noun.substance", "noun.time", "verb.body",
        "verb.change", "verb.cognition", "verb.communication", "verb.competition", "verb.consumption", "verb.contact", "verb.creation", "verb.emotion", "verb.motion", "verb.perception",
        "verb.possession", "verb.social", "verb.stative", "verb.weather", "adj.ppl",
    ];

    /// <summary>Writes the glosses as a table with the columns text and label, separated by tabs.</summary>
    /// <param name="folder">The folder of data.noun, data.verb, data.adj and data.adv.</param>
    /// <param name="path">The table.</param>
    /// <returns>How many glosses, of how many categories.</returns>
    /// <exception cref="InvalidInputException">Files are missing or not WordNet's, or the table cannot be written.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static (int Glosses, int Categories) Write(string folder, string path)
    {
        if (!parts.All(part => File.Exists(FileOf(folder, part))))
            throw new InvalidInputException($"{folder}: WordNet's files data.noun, data.verb, data.adj and data.adv are not there; install Debian's package ('apt-get install wordnet-base'), or name the folder of another copy.");
        int glosses = 0;
        HashSet<string> found = [];
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("text\tlabel");
            foreach (string part in parts)
                foreach (var (text, label) in Read(FileOf(folder, part)))
                {
                    writer.WriteLine($"{Field(text)}\t{label}");
                    glosses++;
                    found.Add(label);
                }
        });
        return (glosses, found.Count);
    }

    private static string FileOf(string folder, string part) => Path.Combine(folder, $"data.{part}");

    // Lines that begin with spaces are the licence; the others are as wndb(5WN) describes: offset, number of the category, ..., " | ", gloss.
    private static IEnumerable<(string Text, string Label)> Read(string path)
    {
        string[] lines = InputFile.ReadLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(' ')) continue;
            int end = lines[i].IndexOf(Separator, StringComparison.Ordinal);
            if (end < 0 || lines[i].Split(' ', 3) is not [_, var number, _] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int category) || category >= categories.Length)
                throw InputFile.Malformed(path, $"line {i + 1} is none of WordNet's", "install it again");
            yield return (lines[i][(end + Separator.Length)..].Trim(), categories[category]);
        }
    }

    private static string Field(string text) => text.StartsWith('"') || text.Contains('\t') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
