using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Objectives;

namespace VariationalSparseCoding.Training;

/// <summary>What an epoch's record says of the schedule of a linear generator, and of its dictionary.</summary>
internal static class DictionaryProgress
{
    /// <summary>The dictionary's step size, the warm-up, and ||A||_F.</summary>
    /// <param name="model">A model with a linear generator.</param>
    /// <param name="step">The last step that was done.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public static LossTerms At(SparseCodingModel model, long step, int stepsPerEpoch)
    {
        var schedule = model.Experiment.Schedule;
        return new(["dictionary_step", "warm_up", "dictionary_norm"], [schedule.DictionaryStepAt(step / stepsPerEpoch), schedule.WarmUp.At(step), model.DictionaryNorm()]);
    }
}
