namespace VariationalSparseCoding.Data;

/// <summary>How far images have been decoded and resized.</summary>
/// <param name="Done">Images done.</param>
/// <param name="Total">Images in all.</param>
internal readonly record struct ImageProgress(int Done, int Total);
