namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>A store that a collection has written.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="Rows">N.</param>
/// <param name="Dimension">D.</param>
/// <param name="RowsBefore">Rows that were there already when this collection began.</param>
internal sealed record CollectedStore(string Folder, string Tensor, long Rows, int Dimension, long RowsBefore);
