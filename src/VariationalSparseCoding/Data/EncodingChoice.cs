namespace VariationalSparseCoding.Data;

/// <summary>What of some data is encoded.</summary>
/// <param name="Stride">Pixels from one patch to the next in both directions, at least 1; null: the patch size. Ignored for matrices and whole images.</param>
/// <param name="Tensor">Which tensor, array, column or layer of a store's files; empty for the only one. Ignored for other data.</param>
internal readonly record struct EncodingChoice(int? Stride = null, string Tensor = "");
