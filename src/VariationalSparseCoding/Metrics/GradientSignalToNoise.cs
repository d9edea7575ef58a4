namespace VariationalSparseCoding.Metrics;

/// <summary>Signal-to-noise ratio of stochastic gradients (paper Fig. 4 and 9; docs/mathematics.md section 6.5).</summary>
internal static class GradientSignalToNoise
{
    /// <summary>Keeps the ratio finite for a gradient without noise; the published value. It makes the ratio depend on the gradient's scale where the noise is this small.</summary>
    public const double Epsilon = 1e-9;

    /// <summary>Mean over parameters of |mean|/(population standard deviation + 1e-9) over stochastic passes on one batch; parameters whose ratio is NaN are left out.</summary>
    /// <param name="gradients">The moments of the passes' gradients.</param>
    /// <returns>The mean ratio; NaN where no parameter has a ratio, as before the first pass.</returns>
    public static double Mean(RunningMoments gradients)
    {
        double sum = 0;
        int defined = 0;
        foreach (double ratio in Ratios(gradients))
        {
            if (double.IsNaN(ratio)) continue;
            sum += ratio;
            defined++;
        }
        return sum / defined;
    }

    /// <summary>The median of the same ratios: a mean may be that of few parameters whose gradients hardly vary.</summary>
    /// <param name="gradients">The moments of the passes' gradients.</param>
    /// <returns>The median ratio (the lower of the two middle ones of an even number); NaN where no parameter has a ratio.</returns>
    public static double Median(RunningMoments gradients)
    {
        double[] ratios = [.. Ratios(gradients).Where(ratio => !double.IsNaN(ratio))];
        if (ratios.Length == 0) return double.NaN;
        Array.Sort(ratios);
        return ratios[(ratios.Length - 1) / 2];
    }

    private static double[] Ratios(RunningMoments gradients)
    {
        double[] ratios = new double[gradients.Mean.Length];
        gradients.CopyVariance(ratios);
        for (int i = 0; i < ratios.Length; i++) ratios[i] = Math.Abs(gradients.Mean[i]) / (Math.Sqrt(ratios[i]) + Epsilon);
        return ratios;
    }
}
