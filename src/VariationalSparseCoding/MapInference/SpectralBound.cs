using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// An upper bound on the largest eigenvalue of a positive semidefinite matrix: power iteration on a power of it estimates it from below,
/// a Cholesky factorisation of (bound I - G) proves the bound. A pure function of the matrix: a vector carried over from
/// the last training step would save some iterations, but a resumed run would then differ from an uninterrupted one.
/// </summary>
internal static class SpectralBound
{
    private const double ResidualTolerance = 1e-6, FirstMargin = 1e-10;
    private const int Squarings = 5, MaximumSweeps = 50, IterationsPerSweep = 4;

    /// <summary>The bound; 1 for a matrix of zeros.</summary>
    /// <param name="gram">Symmetric, positive semidefinite, float64, [d, d].</param>
    public static double Find(Tensor gram)
    {
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        double largest = gram.diagonal().max().item<double>();
        if (largest == 0) return 1;
        // Scaled, so that the squares of very large or small entries stay in range.
        var scaled = gram / largest;
        // The largest eigenvalue is at least the largest diagonal entry.
        double estimate = Math.Max(1, Estimate(scaled));
        var identity = eye(gram.shape[0], dtype: float64, device: gram.device);
        // The margin covers an estimate that had not converged: it grows until the proof succeeds.
        for (double margin = FirstMargin; ; margin *= 4)
        {
            double bound = estimate * (1 + margin);
            var (_, failures) = linalg.cholesky_ex(bound * identity - scaled);
            if (failures.item<int>() == 0) return bound * largest;
        }
    }

    private static double Estimate(Tensor gram)
    {
        // An iteration with G^32 is 32 with G: a few products of matrices save hundreds of passes over one, each too short for its calls.
        var power = gram;
        for (int squaring = 0; squaring < Squarings; squaring++)
        {
            power = power.mm(power);
            power = power / power.diagonal().max();
        }
        // Without structure, so that no structure of the matrix makes it orthogonal to the eigenvector sought.
        var vector = arange(1, gram.shape[0] + 1, dtype: float64, device: gram.device).sin();
        double estimate = 0;
        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            for (int iteration = 0; iteration < IterationsPerSweep; iteration++)
            {
                vector = power.mv(vector);
                vector = vector / vector.norm().clamp_min(double.Epsilon);
            }
            var image = gram.mv(vector);
            estimate = vector.dot(image).item<double>();
            if ((image - estimate * vector).norm().item<double>() <= ResidualTolerance * estimate) break;
        }
        return estimate;
    }
}
