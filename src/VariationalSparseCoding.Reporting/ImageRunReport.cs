using VariationalSparseCoding.Evaluation;

namespace VariationalSparseCoding.Reporting;

/// <summary>All that a report says about one run with a convolutional generator.</summary>
internal sealed record ImageRunReport : ReportedRun
{
    /// <summary>The run's numbers and pictures.</summary>
    public required ImageEvaluation Evaluation { get; init; }
}
