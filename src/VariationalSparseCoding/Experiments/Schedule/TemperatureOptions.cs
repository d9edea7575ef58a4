namespace VariationalSparseCoding.Experiments;

/// <summary>The temperature of a relaxed choice: max(Floor, Decay^step) (docs/mathematics.md section 3.6).</summary>
public sealed record TemperatureOptions
{
    // Spikes are relaxed by their log-odds over the temperature, of which single precision must hold the exponential's argument.
    private const double LowestFloor = 1e-6;

    /// <summary>Factor per step, from 1e-12 to 1.</summary>
    public double Decay { get; init; } = 0.9995;

    /// <summary>The lowest temperature, from 1e-6 to 1.</summary>
    public double Floor { get; init; } = 0.5;

    /// <summary>Returns the temperature at a step, counted from 0.</summary>
    /// <param name="step">The step.</param>
    internal double At(long step) => Math.Max(Floor, Math.Pow(Decay, step));

    internal void Validate(Errors errors, string name)
    {
        errors.Within($"{name}.decay", Decay, Errors.Smallest, 1);
        errors.Within($"{name}.floor", Floor, LowestFloor, 1);
    }
}
