using System.Text;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Evaluation;

/// <summary>A token in its text.</summary>
/// <param name="Before">What stands before it.</param>
/// <param name="Marked">The token; the whole text where rows are texts.</param>
/// <param name="After">What follows.</param>
internal sealed record RowContext(string Before, string Marked, string After)
{
    private const int Neighbours = 14;
    private const string Continuation = "##", Cut = "… ";

    /// <summary>Reads what rows are, and puts the tokens of texts into their context.</summary>
    /// <param name="notes">The rows' notes.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="InvalidInputException">The notes cannot be read.</exception>
    public static Dictionary<int, (RowNote? Note, RowContext? Context)> Of(RowNotes notes, IEnumerable<long> rows)
    {
        long[] wanted = [.. rows.Distinct()];
        var known = notes.Read(wanted.SelectMany(row => Enumerable.Range(-Neighbours - 1, 2 * Neighbours + 3).Select(distance => row + distance)).Distinct());
        Dictionary<int, (RowNote?, RowContext?)> found = [];
        foreach (long row in wanted)
            if (known.TryGetValue(row, out var note)) found[(int)row] = (note, Of(row, note, known));
        return found;
    }

    private static RowContext? Of(long row, RowNote note, IReadOnlyDictionary<long, RowNote> known)
    {
        if (note.Token is not { } token) return note.Name is { } text ? new("", text, "") : null;
        long first = row, last = row;
        while (first > row - Neighbours && IsOfSample(first - 1)) first--;
        while (last < row + Neighbours && IsOfSample(last + 1)) last++;
        string before = (IsOfSample(first - 1) ? Cut : "") + Joined(first, row), after = Joined(row + 1, last + 1);
        // The spaces stand outside of the mark.
        string space = before.Length == 0 || token.StartsWith(Continuation, StringComparison.Ordinal) ? "" : " ";
        return new(before.TrimEnd() + space, Word(token), after + (IsOfSample(last + 1) ? " …" : ""));

        bool IsOfSample(long other) => known.TryGetValue(other, out var neighbour) && neighbour.Sample == note.Sample;

        string Joined(long from, long end)
        {
            var joined = new StringBuilder();
            for (long place = from; place < end; place++)
            {
                string next = known[place].Token!;
                if (!next.StartsWith(Continuation, StringComparison.Ordinal) && place > first) joined.Append(' ');
                joined.Append(Word(next));
            }
            return joined.ToString();
        }
    }

    private static string Word(string token) => token.StartsWith(Continuation, StringComparison.Ordinal) && token.Length > Continuation.Length ? token[Continuation.Length..] : token;
}
