namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>What is known of a row.</summary>
/// <param name="Sample">Which sample it belongs to, from 0.</param>
/// <param name="Name">The text, or the image's file; null if samples have numbers only.</param>
/// <param name="Token">The token; null if the row is not one token's.</param>
/// <param name="Position">Which position of the sample it is.</param>
/// <param name="Label">The sample's label; null if it has none.</param>
internal readonly record struct RowNote(int Sample, string? Name, string? Token, int Position, string? Label);

/// <summary>What the columns of the notes are called.</summary>
/// <param name="Sample">Of the samples' numbers, such as text_index.</param>
/// <param name="Name">Of their names; null if they have none.</param>
/// <param name="HasTokens">Whether positions are tokens.</param>
/// <param name="HasLabels">Whether samples have labels.</param>
internal sealed record RowColumns(string Sample, string? Name = null, bool HasTokens = false, bool HasLabels = false);
