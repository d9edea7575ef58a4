using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;

namespace VariationalSparseCoding.Training;

/// <summary>
/// What is looked at while a model is trained, and what is done where its training diverges. Each look returns null where all is well, a line where the training has gone back to
/// a former state, and throws where it is given up.
/// </summary>
/// <param name="state">The model in training.</param>
internal abstract class DivergenceRule(TrainingState state)
{
    /// <summary>What every step size is multiplied by, in (0, 1].</summary>
    public virtual double Share => 1;

    /// <summary>What an epoch's record says of it.</summary>
    public virtual LossTerms Progress { get; } = new([], []);

    /// <summary>The model in training, with what updates it.</summary>
    protected TrainingState State { get; } = state;

    /// <summary>The options that shorten the steps.</summary>
    protected string StepSizeOptions { get; } = $"schedule.learningRate{(state.Model.Experiment.Generator.Kind == GeneratorKind.Linear ? " or schedule.dictionaryStep" : "")}";

    /// <summary>Begins a step.</summary>
    /// <exception cref="InvalidInputException">What a checkpoint had cannot be used.</exception>
    public virtual void Begin() { }

    /// <summary>Looks at the loss of a step that does not count as done yet.</summary>
    /// <param name="terms">Its terms.</param>
    /// <param name="batch">Its batch, [B, D].</param>
    /// <exception cref="TrainingDivergedException">The training is given up.</exception>
    public abstract string? AfterLoss(LossTerms terms, ReadOnlySpan<float> batch);

    /// <summary>Looks at the state after a step.</summary>
    /// <exception cref="TrainingDivergedException">The training is given up.</exception>
    public virtual string? AfterStep() => null;

    /// <summary>Looks at the state before it is validated: codes of a model that is not finite cannot be asked for.</summary>
    /// <exception cref="TrainingDivergedException">The training is given up.</exception>
    public virtual string? BeforeValidation() => null;

    /// <summary>Looks at the result of a validation.</summary>
    /// <param name="terms">Its terms.</param>
    /// <exception cref="TrainingDivergedException">The training is given up.</exception>
    public abstract string? AfterValidation(LossTerms terms);

    /// <summary>Ends a training that went well.</summary>
    public virtual void Finish() { }
}
