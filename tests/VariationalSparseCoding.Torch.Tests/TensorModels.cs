using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests;

/// <summary>Training states of tensors, met with tensors.</summary>
internal static class TensorModels
{
    /// <summary>The model of a state.</summary>
    public static TorchModel Tensors(this TrainingState state) => (TorchModel)state.Model;

    /// <summary>A step on the rows of a float32 tensor.</summary>
    public static LossTerms Apply(this ITrainingStep step, Tensor batch, long number) => step.Apply(batch.data<float>().ToArray(), number);
}
