namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>How far a collection is.</summary>
/// <param name="Fraction">The part that is done, in [0, 1].</param>
/// <param name="Rows">Rows so far.</param>
internal readonly record struct CollectProgress(double Fraction, long Rows);
