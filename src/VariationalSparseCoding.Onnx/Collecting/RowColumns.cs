namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>What the columns of the notes are called.</summary>
/// <param name="Sample">Of the samples' numbers, such as text_index.</param>
/// <param name="Name">Of their names; null if they have none.</param>
/// <param name="HasTokens">Whether positions are tokens.</param>
/// <param name="HasLabels">Whether samples have labels.</param>
internal sealed record RowColumns(string Sample, string? Name = null, bool HasTokens = false, bool HasLabels = false);
