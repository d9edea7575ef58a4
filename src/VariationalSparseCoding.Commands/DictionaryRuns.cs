using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>The evaluation of runs that learn a dictionary.</summary>
internal static class DictionaryRuns
{
    /// <inheritdoc cref="RunKinds.Evaluation"/>
    public static RunResults Evaluate(RunFolder folder, int? draws, CancellationToken cancellationToken)
    {
        var evaluation = RunEvaluation.Of(folder, draws, cancellationToken);
        var table = RunReporting.Table(evaluation);
        string objective = FormattableString.Invariant($"objective = 1/2||x - Az||^2 + {table.L1Weight:G6}||z||_1, averaged over {table.SampleCount} validation samples; lower is better");
        return new(table, [objective, Quality(evaluation), .. RunReporting.Remarks(evaluation)],
            evaluation.ToJson(), () => RunReporting.Describe(folder, evaluation), file => RunReporting.Write(folder, evaluation, file), [("dictionary", folder.DictionaryPicture)]);
    }

    private static string Quality(RunEvaluation evaluation)
    {
        var quality = evaluation.Quality;
        return FormattableString.Invariant($"default codes: explained variance {quality.ExplainedVariance:F4}, L0 {quality.L0:F2}, cosine {quality.Cosine:F4}, length of reconstructions {quality.NormRatio:F4} of the samples', {quality.Dead} of {quality.FiringRates.Count} features active in no sample and {quality.Dense} in more than a tenth");
    }
}
