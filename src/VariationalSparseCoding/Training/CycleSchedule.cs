namespace VariationalSparseCoding.Training;

/// <summary>
/// The learning rate of the authors' CycleScheduler (docs/mathematics.md section 5.1): linear rise from a 25th of the maximum, then a cosine down to
/// almost nothing. Iteration 0 runs at the maximum, as in the authors' code (docs/mathematics.md section 9, row 14). After iteration n it begins again.
/// </summary>
/// <param name="maximum">The highest learning rate.</param>
/// <param name="iterations">Length of the run, n.</param>
/// <param name="warmUpProportion">Share of the run in which the rate rises.</param>
internal sealed class CycleSchedule(double maximum, long iterations, double warmUpProportion)
{
    private readonly double minimum = maximum / 25;
    private readonly long rising = (long)(warmUpProportion * iterations);

    /// <summary>The learning rate at an iteration.</summary>
    /// <param name="iteration">At least 0.</param>
    public double At(long iteration)
    {
        if (iteration == 0) return maximum;
        iteration = (iteration - 1) % iterations + 1;
        if (iteration <= rising) return minimum + (double)iteration / rising * (maximum - minimum);
        double end = minimum / 1e4, progress = (double)(iteration - rising) / (iterations - rising);
        return end + (maximum - end) / 2 * (1 + Math.Cos(Math.PI * progress));
    }
}
