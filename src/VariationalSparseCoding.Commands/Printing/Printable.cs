using System.Globalization;
using System.Text;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>Makes text from files harmless for terminals.</summary>
internal static class Printable
{
    /// <summary>
    /// Replaces control characters, and those that reverse the direction of writing, by escapes such as \u001b.
    /// Line breaks and tabs stay; a carriage return stays only as part of a line break.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text)
    {
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool isHarmless = IsHarmless(text[i]) || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n');
            if (!isHarmless) (escaped ??= new StringBuilder(text, 0, i, text.Length + 16)).Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else escaped?.Append(text[i]);
        }
        return escaped?.ToString() ?? text;
    }

    private static bool IsHarmless(char letter) =>
        letter is '\n' or '\t' || !(char.IsControl(letter) || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
