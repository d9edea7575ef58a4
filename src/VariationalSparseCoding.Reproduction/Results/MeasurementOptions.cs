namespace VariationalSparseCoding.Reproduction.Results;

/// <summary>How thoroughly the metrics that need repeated draws are measured.</summary>
internal sealed record MeasurementOptions
{
    /// <summary>Stochastic passes over each batch behind a gradient's signal-to-noise ratio, at least 2. The paper's 1000 on request.</summary>
    public int SignalPasses { get; init; } = 100;

    /// <summary>Batches behind a gradient's signal-to-noise ratio, at least 1; as many as there are where there are fewer. The paper's 160 on request.</summary>
    public int SignalBatches { get; init; } = 10;

    /// <summary>K, draws for each input behind the importance-weighted numbers, at least 1.</summary>
    public int ImportanceSamples { get; init; } = 200;

    /// <summary>Passes over each input behind the Jaccard index, at least 2.</summary>
    public int JaccardPasses { get; init; } = 20;

    /// <summary>Makes sure that every number is in its range.</summary>
    /// <exception cref="InvalidInputException">One is not.</exception>
    public void Validate()
    {
        Check(SignalPasses, 2, "SNR passes");
        Check(SignalBatches, 1, "SNR batches");
        Check(ImportanceSamples, 1, "importance draws");
        Check(JaccardPasses, 2, "Jaccard passes");

        static void Check(int value, int least, string name)
        {
            if (value < least || value > 100_000) throw new InvalidInputException($"{name}: must lie between {least} and 100000, not {value}.");
        }
    }
}
