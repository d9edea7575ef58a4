namespace VariationalSparseCoding.MapInference;

/// <summary>When an iterative solver stops.</summary>
public enum MapStopRule
{
    /// <summary>Each sample on its own, when its relative duality gap reaches <see cref="MapOptions.RelativeGapTolerance"/>.</summary>
    DualityGap,

    /// <summary>
    /// The published code's rule, of <see cref="MapSolver.Fista"/> only: from z = A^T x, the whole batch until
    /// ||Z+ - Z||_F / ||Z||_F &lt;= 1e-3, so that the accuracy of a code depends on the batch it is in (docs/mathematics.md section 3.1).
    /// </summary>
    Published,
}

/// <summary>What to solve and how exactly: F(z) = 1/2 ||x - A z||^2 + lambda ||z||_1.</summary>
public sealed record MapOptions
{
    /// <summary>
    /// lambda, the weight of the L1 norm; finite and at least 0. In units of x times the atoms' norm: every z is 0 from
    /// max_j |a_j^T x| on. With 0 the only feasible dual point is 0, so that the gap, 1/2 ||x - A z||^2, vanishes only where x is reproduced.
    /// </summary>
    public double Lambda { get; init; } = 20;

    /// <summary>
    /// A sample is finished when gap / F(z) is at most this; finite and at least 0. The gap is that to the dual point s r, r = x - A z,
    /// s = min(1, lambda / ||A^T r||_inf), and bounds F(z) - min F from above. It is that of the codes in float64, before they are rounded to float32
    /// (<see cref="MapResult.RoundedGap"/>). With lambda = 0 a sample is finished when ||A^T r||_inf / ||A^T x||_inf is at most this,
    /// or, where rounding leaves more of it, ||A^T r||_inf / (max_j ||a_j|| ||x||). With a tolerance of 0 no gap is
    /// looked at and exactly <see cref="MaximumIterations"/> iterations are made by ISTA, FISTA and ADMM.
    /// </summary>
    public double RelativeGapTolerance { get; init; } = 1e-6;

    /// <summary>The most iterations one sample gets; at least 0. What an iteration is, each solver says.</summary>
    public int MaximumIterations { get; init; } = 10_000;

    /// <summary>When to stop; anything but <see cref="MapStopRule.DualityGap"/> is understood by <see cref="MapSolver.Fista"/> only.</summary>
    public MapStopRule StopRule { get; init; } = MapStopRule.DualityGap;

    /// <summary>Threads that divide the samples; 0 for as many as there are processors. The codes do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Whether objective and gap of the codes are wanted; without them a fixed number of iterations takes less time.</summary>
    internal bool Certifies { get; init; } = true;

    /// <summary>
    /// A sample's lambda is at most this share of max_j |a_j^T x|, from which on its code is 0; infinity: no bound. With less than 1 no code is empty, and codes stay continuous in x.
    /// It is the solvers' that work sample by sample, not ADMM's nor that of the published stop rule.
    /// </summary>
    internal double LambdaShare { get; init; } = double.PositiveInfinity;

    /// <summary>The number of threads that <see cref="Threads"/> means.</summary>
    internal int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>The options of the published FISTA (docs/mathematics.md section 3.1): at most 500 iterations, the published stop rule.</summary>
    /// <param name="lambda">The weight of the L1 norm: 20, or 20 times the warm-up weight in training.</param>
    public static MapOptions PublishedFista(double lambda) =>
        new() { Lambda = lambda, MaximumIterations = 500, StopRule = MapStopRule.Published };

    /// <summary>Exactly <paramref name="steps"/> iterations for every sample, as for the refinement of variational codes.</summary>
    /// <param name="lambda">The weight of the L1 norm.</param>
    /// <param name="steps">Iterations, at least 0.</param>
    public static MapOptions Steps(double lambda, int steps) =>
        new() { Lambda = lambda, RelativeGapTolerance = 0, MaximumIterations = steps };

    internal void Validate()
    {
        Require(double.IsFinite(Lambda) && Lambda >= 0, nameof(Lambda), Lambda, "a finite number of at least 0");
        Require(double.IsFinite(RelativeGapTolerance) && RelativeGapTolerance >= 0, nameof(RelativeGapTolerance), RelativeGapTolerance, "a finite number of at least 0");
        Require(MaximumIterations >= 0, nameof(MaximumIterations), MaximumIterations, "at least 0");
        Require(Threads >= 0, nameof(Threads), Threads, "at least 0 (0: all processors)");
        Require(Enum.IsDefined(StopRule), nameof(StopRule), StopRule, "one of " + string.Join(", ", Enum.GetNames<MapStopRule>()));
    }

    private static void Require(bool holds, string option, object value, string wanted)
    {
        if (!holds) throw new InvalidInputException(FormattableString.Invariant($"MAP option {option} is {value}; give {wanted}."));
    }
}
