namespace VariationalSparseCoding.Experiments;

/// <summary>The J draws of a sample: how many codes are drawn for it and how they are combined (docs/mathematics.md section 4).</summary>
public sealed record SamplingOptions
{
    /// <summary>The largest J.</summary>
    internal const int MostDraws = 10_000;

    /// <summary>Codes drawn per sample in training, J. From 1 to 10,000.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>The way draws are combined.</summary>
    public DrawSelection Selection { get; init; } = DrawSelection.Max;

    /// <summary>The ingredients of importance weights; used by the selection 'iwae' (docs/mathematics.md section 9, row 15).</summary>
    public ImportanceWeights ImportanceWeights { get; init; } = ImportanceWeights.Bound;

    /// <summary>Codes drawn per sample in validation, evaluation and encoding, from 1 to 10,000; 0 takes the training's number, as the published numbers do (docs/mathematics.md section 9, row 29).</summary>
    public int EvaluationDraws { get; init; }

    /// <summary>J in validation, evaluation and encoding.</summary>
    internal int DrawsInEvaluation => EvaluationDraws == 0 ? Draws : EvaluationDraws;

    /// <summary>Whether training maximises the importance-weighted bound on the likelihood.</summary>
    internal bool IsImportanceBound => Selection == DrawSelection.Iwae && ImportanceWeights == ImportanceWeights.Bound;

    /// <summary>Checks a number of draws that is given beside an experiment.</summary>
    /// <param name="draws">J; null where the experiment's is taken.</param>
    /// <param name="name">What the caller calls it, for the message.</param>
    /// <exception cref="InvalidInputException">It is out of range.</exception>
    internal static void RequireDraws(int? draws, string name = "draws")
    {
        if (draws is { } given && !IsInRange(given)) throw new InvalidInputException($"{name}: must lie between 1 and {MostDraws}, not {given}.");
    }

    internal void Validate(Errors errors)
    {
        errors.Named("sampling.selection", Selection);
        errors.Named("sampling.importanceWeights", ImportanceWeights);
        errors.Check(IsInRange(Draws), "sampling.draws", $"must lie between 1 and {MostDraws}, not {Draws}");
        errors.Check(EvaluationDraws == 0 || IsInRange(EvaluationDraws), "sampling.evaluationDraws", $"must lie between 0 (as many as in training) and {MostDraws}, not {EvaluationDraws}");
    }

    private static bool IsInRange(int draws) => draws is >= 1 and <= MostDraws;
}
