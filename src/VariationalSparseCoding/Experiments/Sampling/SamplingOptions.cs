namespace VariationalSparseCoding.Experiments;

/// <summary>The J samples of an input (SPEC section 4).</summary>
public sealed record SamplingOptions
{
    /// <summary>Samples drawn per input in training, J. From 1 to 10,000.</summary>
    public int Samples { get; init; } = 20;

    /// <summary>How the samples are combined.</summary>
    public SampleSelection Selection { get; init; } = SampleSelection.Max;

    /// <summary>What importance weights are made of, where the selection is 'iwae' (SPEC section 9, row 15).</summary>
    public ImportanceWeights ImportanceWeights { get; init; } = ImportanceWeights.Bound;

    /// <summary>Samples drawn per input in validation, evaluation and encoding, from 1 to 10,000; 0 takes the training's, as the published numbers do (SPEC section 9, row 29).</summary>
    public int EvaluationSamples { get; init; }

    internal int EvaluationBudget => EvaluationSamples == 0 ? Samples : EvaluationSamples;

    internal bool IsImportanceBound => Selection == SampleSelection.Iwae && ImportanceWeights == ImportanceWeights.Bound;

    internal void Validate(Errors errors)
    {
        errors.Check(Samples is >= 1 and <= 10_000, "sampling.samples", $"must lie between 1 and 10000, not {Samples}");
        errors.Check(EvaluationSamples is >= 0 and <= 10_000, "sampling.evaluationSamples", $"must lie between 0 (as many as in training) and 10000, not {EvaluationSamples}");
    }
}
