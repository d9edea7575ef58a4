using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The evaluation of runs that learn a convolutional generator of images.</summary>
internal static class ImageRuns
{
    /// <inheritdoc cref="RunKinds.Evaluation"/>
    public static RunResults Evaluate(RunFolder folder, int? draws, CancellationToken cancellationToken)
    {
        var evaluation = ImageEvaluation.Of(folder, draws, cancellationToken);
        var table = ImageReporting.Table(evaluation);
        return new(table, [$"squared error = (1/D)||x - xhat||^2, values in [0, 1], averaged over pixels and {table.SampleCount} validation images; lower is better"],
            evaluation.ToJson(), () => ImageReporting.Describe(folder, evaluation), file => ImageReporting.Write(folder, evaluation, file), [("pictures", folder.ReconstructionsPicture), ("", folder.TraversalsPicture)]);
    }
}
