using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// min_z 1/2 ||x - A z||^2, the problem of lambda = 0, on a basis of the dictionary's span: signs mean nothing there, and F says little, since all that is left to gain
/// may lie within its rounding.
/// </summary>
internal static class LeastSquares
{
    private const int MostSteps = 20;

    /// <summary>Solves from the beginning. An iteration is one Newton step; all but the first undo the rounding of those before.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="basis">Receives the atoms of the basis.</param>
    public static MapStopReason Run(LassoSample sample, ISupport basis)
    {
        basis.Clear();
        for (int atom = 0; atom < sample.Gram.Atoms; atom++) basis.TryAdd(atom, sample.Gram);
        sample.Codes.Clear();
        sample.Certify();
        double[] slope = new double[LassoKernels.PaddedLength(basis.Count)], step = new double[slope.Length];
        for (int count = 0; count < MostSteps && !sample.Converged; count++)
        {
            if (sample.Iterations == sample.MaximumIterations) return MapStopReason.MaximumIterations;
            sample.Iterations++;
            for (int k = 0; k < basis.Count; k++) slope[k] = sample.Correlations[basis.Atoms[k]];
            basis.Multiply(slope, step);
            for (int k = 0; k < basis.Count; k++) sample.Codes[basis.Atoms[k]] += step[k];
            sample.Certify();
        }
        return sample.Converged || sample.IsStationary ? MapStopReason.Converged : MapStopReason.Stalled;
    }
}
