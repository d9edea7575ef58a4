using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>What a model with a linear generator learns.</summary>
/// <param name="Dictionary">A, [D, d]; its columns are the atoms.</param>
/// <param name="Network">The inference network; null for MAP inference.</param>
internal sealed record LinearParameters(FloatMatrix Dictionary, DenseNetwork? Network);
