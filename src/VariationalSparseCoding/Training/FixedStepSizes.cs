using VariationalSparseCoding.Objectives;

namespace VariationalSparseCoding.Training;

/// <summary>The published rule: steps are as the schedule says, and a training with a term that is not finite is given up.</summary>
/// <param name="state">The model in training.</param>
internal sealed class FixedStepSizes(TrainingState state) : DivergenceRule(state)
{
    /// <inheritdoc/>
    public override string? AfterLoss(LossTerms terms, ReadOnlySpan<float> batch) => RequireFinite(terms, "training");

    /// <inheritdoc/>
    public override string? AfterValidation(LossTerms terms) => RequireFinite(terms, "validation");

    private string? RequireFinite(LossTerms terms, string where)
    {
        for (int i = 0; i < terms.Values.Count; i++)
        {
            if (double.IsFinite(terms.Values[i])) continue;
            throw new TrainingDivergedException(
                $"The {where} term '{terms.Names[i]}' became {terms.Values[i]} at step {State.StepsDone + 1} of {State.TotalSteps}; "
                + $"the last checkpoint is from before. Lower {StepSizeOptions}, or set schedule.stepSizes to 'adaptive'.");
        }
        return null;
    }
}
