using VariationalSparseCoding.Objectives;

namespace VariationalSparseCoding.Training;

/// <summary>What happened in a training step.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">The epoch that the step belongs to, from 1.</param>
/// <param name="Terms">The terms of the step's loss.</param>
public sealed record StepEvent(long Step, long TotalSteps, int Epoch, LossTerms Terms);

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Train">Means of the terms over the epoch's steps.</param>
/// <param name="Validation">Terms on the validation samples with codes drawn as in training; null where the epoch was not validated.</param>
/// <param name="State">Learning rate, warm-up and norm of the dictionary at the epoch's end.</param>
internal sealed record EpochEvent(int Epoch, long Step, LossTerms Train, LossTerms? Validation, LossTerms State);

/// <summary>Listens to a training run. The default members do nothing.</summary>
internal interface ITrainingObserver
{
    /// <summary>The run starts, or continues after so many steps.</summary>
    /// <param name="stepsDone">Steps done before.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    void OnStart(long stepsDone, long totalSteps) { }

    /// <summary>A step was made.</summary>
    /// <param name="made">The step.</param>
    void OnStep(StepEvent made) { }

    /// <summary>The training began to diverge and has gone back: what was told of later steps and epochs does not count.</summary>
    /// <param name="stepsDone">Steps done by the state that it goes on from.</param>
    /// <param name="note">What happened, in one line.</param>
    void OnBackOff(long stepsDone, string note) { }

    /// <summary>An epoch was finished.</summary>
    /// <param name="finished">The epoch.</param>
    void OnEpoch(EpochEvent finished) { }
}
