namespace VariationalSparseCoding.Experiments;

/// <summary>Texts from files as they may stand in messages.</summary>
internal static class PrintableText
{
    /// <summary>Returns a text with a question mark in place of each control character: names in a hostile file may hold line breaks or terminal escapes.</summary>
    /// <param name="text">The text.</param>
    public static string Of(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
}
