using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Inference;

/// <summary>Which codes a model is asked for.</summary>
/// <param name="Kind">A kind that comes from the inference network.</param>
/// <param name="Key">The noise's key.</param>
/// <param name="Draws">J, of which one is chosen.</param>
/// <param name="Anneal">The annealed weights under which codes are drawn.</param>
internal readonly record struct CodeRequest(CodeKind Kind, NoiseKey Key, int Draws, AnnealedWeights Anneal);
