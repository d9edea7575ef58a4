namespace VariationalSparseCoding.Metrics;

/// <summary>Signal-to-noise ratio of stochastic gradients (paper Fig. 4 and 9; SPEC 6.5).</summary>
public static class GradientSignalToNoise
{
    /// <summary>Keeps the ratio finite for a gradient without noise; the published value. It makes the ratio depend on the gradient's scale where the noise is this small.</summary>
    public const double Epsilon = 1e-9;

    /// <summary>Mean over parameters of |mean|/(population standard deviation + 1e-9) over stochastic passes on one batch; parameters whose ratio is NaN are left out.</summary>
    /// <param name="gradients">The moments of the passes' gradients.</param>
    /// <returns>The mean ratio; NaN where no parameter has a ratio, as before the first pass.</returns>
    public static double Mean(RunningMoments gradients)
    {
        double[] variances = new double[gradients.Mean.Length];
        gradients.CopyVariance(variances);
        double sum = 0;
        int defined = 0;
        for (int i = 0; i < variances.Length; i++)
        {
            double ratio = Math.Abs(gradients.Mean[i]) / (Math.Sqrt(variances[i]) + Epsilon);
            if (double.IsNaN(ratio)) continue;
            sum += ratio;
            defined++;
        }
        return sum / defined;
    }
}
