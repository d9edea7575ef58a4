using TorchSharp;

namespace VariationalSparseCoding.MapInference;

/// <summary>A method that finds, for every row x of X, the code z that minimises F(z) = 1/2 ||x - A z||^2 + lambda ||z||_1.</summary>
public interface IMapSolver
{
    /// <summary>Solves for a batch.</summary>
    /// <param name="problem">The dictionary A, [D, d], and what is cached of it.</param>
    /// <param name="x">Samples, [B, D], float32 or float64, of the dictionary's type and device.</param>
    /// <param name="options">lambda and when to stop.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; null for the solver's own start.</param>
    /// <returns>The codes and their quality; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">An option is out of range, or x or the initial codes hold NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit the dictionary, or the solver does not know the stop rule.</exception>
    MapResult Solve(LassoProblem problem, torch.Tensor x, MapOptions options, torch.Tensor? initialCodes = null);
}
