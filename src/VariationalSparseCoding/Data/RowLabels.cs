using System.Runtime.InteropServices;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Labels of rows: one of each, or any number of attributes.</summary>
internal sealed class RowLabels
{
    /// <summary>The most different labels that are told apart.</summary>
    public const int Most = 4096;

    private const int MostNamed = 20;

    private readonly int[] ofRows = [];
    private readonly ReadOnlyMemory<byte> attributes;

    private RowLabels(IReadOnlyList<string> names, int[] ofRows) => (Names, this.ofRows, Rows) = (names, ofRows, ofRows.Length);

    /// <summary>Attributes of which any number holds.</summary>
    /// <param name="names">The attributes' names, [M].</param>
    /// <param name="attributes">1 where an attribute holds of a row, else 0, [N, M].</param>
    public RowLabels(IReadOnlyList<string> names, ReadOnlyMemory<byte> attributes) => (Names, this.attributes, Rows) = (names, attributes, attributes.Length / names.Count);

    /// <summary>The labels' names, [M].</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>N.</summary>
    public int Rows { get; }

    /// <summary>Labels of which each row has one.</summary>
    /// <param name="labels">Blocks of the rows' labels, in order.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="InvalidInputException">There are more than <see cref="Most"/> different ones.</exception>
    public static RowLabels Of(IEnumerable<string[]> labels, string source)
    {
        List<string> names = [];
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        List<int> ofRows = [];
        foreach (string[] block in labels)
            foreach (string label in block)
            {
                ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, label, out bool isKnown);
                if (!isKnown)
                {
                    if (names.Count == Most) throw InputFile.Malformed(source, $"rows have more than {Most} different labels", "give labels that rows share, such as categories");
                    number = names.Count;
                    names.Add(label);
                }
                ofRows.Add(number);
            }
        return new(names, [.. ofRows]);
    }

    /// <summary>Reads a file with one label a line, in the order of the rows.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or has another number of lines.</exception>
    public static RowLabels Read(string path, int rows)
    {
        string[] lines = InputFile.ReadLines(path);
        return lines.Length == rows ? Of([lines], path) : throw InputFile.Malformed(path, $"it has {lines.Length} lines where there are {rows} rows", "give one label for each row, a line each");
    }

    /// <summary>Returns the number of a label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="names">All labels, [M].</param>
    /// <exception cref="InvalidInputException">There is no such label.</exception>
    public static int NumberOf(string label, IReadOnlyList<string> names)
    {
        for (int number = 0; number < names.Count; number++)
            if (names[number] == label) return number;
        throw new InvalidInputException(names.Count == 0 ? $"label '{label}': the rows have no labels; name a store that has, or give a file of labels."
            : $"label '{label}': no row has it; labels are {string.Join(", ", names.Take(MostNamed))}{(names.Count > MostNamed ? ", ..." : "")}.");
    }

    /// <summary>Counts the labels of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="counts">Is one more for each label that the row has, [M].</param>
    public void AddTo(int row, Span<int> counts)
    {
        if (attributes.IsEmpty)
        {
            counts[ofRows[row]]++;
            return;
        }
        var holds = attributes.Span.Slice(row * Names.Count, Names.Count);
        for (int label = 0; label < holds.Length; label++) counts[label] += holds[label];
    }

    /// <summary>The names of a row's labels.</summary>
    /// <param name="row">The row.</param>
    public IEnumerable<string> Of(int row) => attributes.IsEmpty ? [Names[ofRows[row]]]
        : Enumerable.Range(0, Names.Count).Where(label => attributes.Span[row * Names.Count + label] != 0).Select(label => Names[label]);
}
