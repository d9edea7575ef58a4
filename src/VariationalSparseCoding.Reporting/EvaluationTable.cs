namespace VariationalSparseCoding.Reporting;

/// <summary>
/// The sparse-coding objective of different codes on one dictionary: mean over the samples of
/// 1/2||x-Az||^2 + lambda||z||_1, plus kappa||A||_F^2 where kappa is not 0; lower is better.
/// </summary>
internal sealed record EvaluationTable
{
    /// <summary>lambda, the weight of ||z||_1.</summary>
    public required double L1Weight { get; init; }

    /// <summary>kappa, the weight of ||A||_F^2; 0 leaves the term out.</summary>
    public double FrobeniusWeight { get; init; }

    /// <summary>Number of validation samples.</summary>
    public required int SampleCount { get; init; }

    /// <summary>Names of the columns. The first one is the objective.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>One row per kind of code. Baselines that are missing are shown as missing.</summary>
    public required IReadOnlyList<EvaluationRow> Rows { get; init; }
}

/// <summary>What codes a row of the evaluation table is about.</summary>
internal enum EvaluationKind
{
    /// <summary>The codes that the run's model gives when no kind is named.</summary>
    Codes,

    /// <summary>Other codes of the same run: as trained (e.g. the best of J draws), one draw, the posterior's mean or mode.</summary>
    OtherCodes,

    /// <summary>The baseline z = 0.</summary>
    AllZero,

    /// <summary>The baseline of FISTA, converged on the same dictionary.</summary>
    Fista,
}

/// <summary>One row of the evaluation table.</summary>
/// <param name="Kind">What codes it is about.</param>
/// <param name="Name">The row's label.</param>
/// <param name="Values">One value per column, the objective first.</param>
/// <param name="MissingCause">Why values are not numbers, where some are not.</param>
internal sealed record EvaluationRow(EvaluationKind Kind, string Name, IReadOnlyList<double> Values, string? MissingCause = null)
{
    /// <summary>The row's label where there is little room, as on a terminal.</summary>
    public string Label { get; init; } = Name;
}
