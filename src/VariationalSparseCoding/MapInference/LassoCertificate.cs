using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>Objective and duality gap of codes, [B] each, float64.</summary>
internal readonly record struct LassoCertificate(Tensor Objective, Tensor Gap)
{
    /// <summary>
    /// Evaluates codes in float64. With r = x - A z, c = A^T r and s = min(1, lambda / max|c|), s r is feasible for the dual
    /// max 1/2||x||^2 - 1/2||x - u||^2 s.t. |A^T u| &lt;= lambda, and primal minus dual is, after Az = x - r,
    /// 1/2 (1 - s)^2 ||r||^2 + sum_j (lambda |z_j| - s c_j z_j): terms of one sign, so that nothing cancels near the optimum.
    /// </summary>
    /// <param name="problem">The dictionary.</param>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="codes">Codes, [B, d].</param>
    /// <param name="lambda">The weight of the L1 norm.</param>
    public static LassoCertificate Evaluate(LassoProblem problem, Tensor x, Tensor codes, double lambda)
    {
        using var scope = NewDisposeScope();
        var z = codes.to(float64);
        var residual = x.to(float64) - z.mm(problem.ExactDictionary.t());
        var correlations = residual.mm(problem.ExactDictionary);
        var squares = residual.square().sum(1);
        var absolute = z.abs().sum(1);
        // Without correlation (r = 0, or A = 0) the residual is feasible as it is.
        var scale = (lambda / correlations.abs().amax([1])).nan_to_num(1).clamp_max(1);
        var gap = 0.5 * (1 - scale).square() * squares + (lambda * absolute - scale * (correlations * z).sum(1)).clamp_min(0);
        return new((0.5 * squares + lambda * absolute).MoveToOuterDisposeScope(), gap.MoveToOuterDisposeScope());
    }
}
