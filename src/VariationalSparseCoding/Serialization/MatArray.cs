namespace VariationalSparseCoding.Serialization;

/// <summary>A real numeric array of a MATLAB file.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Dimensions">Lengths of the dimensions, at least two.</param>
/// <param name="Values">The elements, first index fastest, whatever type they were stored as.</param>
internal sealed record MatArray(string Name, IReadOnlyList<int> Dimensions, double[] Values);
