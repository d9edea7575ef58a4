namespace VariationalSparseCoding.Experiments;

/// <summary>The temperature of a relaxed choice: max(Floor, Decay^step) (SPEC section 3.6).</summary>
public sealed record TemperatureOptions
{
    /// <summary>Factor per step, in (0, 1].</summary>
    public double Decay { get; init; } = 0.9995;

    /// <summary>The lowest temperature, in (0, 1].</summary>
    public double Floor { get; init; } = 0.5;

    /// <summary>The temperature at a step, counted from 0.</summary>
    /// <param name="step">The step.</param>
    public double At(long step) => Math.Max(Floor, Math.Pow(Decay, step));

    internal void Validate(Errors errors, string name)
    {
        errors.Check(Decay is > 0 and <= 1, $"{name}.decay", $"must lie between 0 and 1, not {Decay}");
        errors.Check(Floor is > 0 and <= 1, $"{name}.floor", $"must lie between 0 and 1, not {Floor}");
    }
}
