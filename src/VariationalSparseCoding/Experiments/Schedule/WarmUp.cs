namespace VariationalSparseCoding.Experiments;

/// <summary>A quantity that starts low: Initial up to step Start, then Increment more at each step, at most 1 (docs/mathematics.md section 3.6).</summary>
public sealed record WarmUp
{
    // So much of a step is lost in the division.
    private const double Rounding = 1e-6;

    /// <summary>The value at step 0, from 0 to 1.</summary>
    public double Initial { get; init; } = 0.1;

    /// <summary>The last step that has the initial value. At least 0.</summary>
    public int Start { get; init; } = 1500;

    /// <summary>What each later step adds. From 1e-12 to 1e6.</summary>
    public double Increment { get; init; } = 2e-4;

    /// <summary>Returns the quantity at a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <returns>A value from <see cref="Initial"/> to 1.</returns>
    internal double At(long step) => Math.Min(1, Initial + Increment * Math.Max(0, step - Start));

    /// <summary>The first step at which the quantity is 1; 0 if it always is.</summary>
    internal long EndStep => Initial >= 1 ? 0 : Start + (long)Math.Min(int.MaxValue, Math.Ceiling((1 - Initial) / Increment - Rounding));

    internal void Validate(Errors errors, string name)
    {
        errors.Within($"{name}.initial", Initial, 0, 1);
        errors.Check(Start >= 0, $"{name}.start", $"must be at least 0, not {Start}");
        errors.Positive($"{name}.increment", Increment);
    }
}
