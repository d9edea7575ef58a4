namespace VariationalSparseCoding.Training;

/// <summary>A learning rate that rises linearly, stays, and falls linearly to 0 in the last fifth of the run. After the run it begins again.</summary>
/// <param name="maximum">The highest learning rate.</param>
/// <param name="iterations">Length of the run, at least 1.</param>
/// <param name="warmUpProportion">Share of the run in which the rate rises.</param>
internal sealed class TrapezoidSchedule(double maximum, long iterations, double warmUpProportion)
{
    private const double FallingProportion = 0.2;

    /// <summary>The learning rate at an iteration.</summary>
    /// <param name="iteration">At least 0.</param>
    public double At(long iteration)
    {
        double place = iteration % iterations;
        double risen = warmUpProportion > 0 ? (place + 1) / (warmUpProportion * iterations) : 1, left = (iterations - place) / (FallingProportion * iterations);
        return maximum * Math.Min(1, Math.Min(risen, left));
    }
}
