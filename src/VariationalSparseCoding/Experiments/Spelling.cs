namespace VariationalSparseCoding.Experiments;

/// <summary>Helps with misspelt names.</summary>
internal static class Spelling
{
    /// <summary>The end of an error message about an unknown name: the nearest known one, or all where none is near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="known">The names that would have been right.</param>
    /// <returns>"; did you mean 'name'?" or "; known are name, name".</returns>
    public static string Suggestion(string wrong, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string? nearest = names.Where(name => EditDistance(wrong, name) <= Math.Max(2, name.Length / 3)).MinBy(name => EditDistance(wrong, name));
        return nearest is null ? $"; known are {string.Join(", ", names)}" : $"; did you mean '{nearest}'?";
    }

    /// <summary>The fewest letters to insert, remove or replace that turn one name into the other; capitals count as small letters.</summary>
    private static int EditDistance(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int substituted = diagonal + (char.ToLowerInvariant(first[i - 1]) == char.ToLowerInvariant(second[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
