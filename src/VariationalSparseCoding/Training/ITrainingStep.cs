using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>One update of a model from a batch.</summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>The names of the terms that a step reports.</summary>
    IReadOnlyList<string> TermNames { get; }

    /// <summary>Tensors beside the model's parameters that decide how training continues, by name.</summary>
    IReadOnlyList<StateTensor> State { get; }

    /// <summary>What changes from step to step by a schedule, and the norm of a dictionary, for the record.</summary>
    /// <param name="step">The last step that was done.</param>
    LossTerms Progress(long step);

    /// <summary>Updates the model.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="share">What every step size is multiplied by, in (0, 1].</param>
    /// <returns>The terms of the loss before the update.</returns>
    LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1);
}
