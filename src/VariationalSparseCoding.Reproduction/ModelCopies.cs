using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Reproduction;

/// <summary>Models with the parameters of others.</summary>
internal static class ModelCopies
{
    /// <summary>Returns a copy of a model that works on a number of threads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">The number of threads.</param>
    public static SparseCodingModel OnThreads(SparseCodingModel model, int threads) =>
        Filled(Engines.CreateEmptyModel(model.Experiment with { Compute = model.Experiment.Compute with { Threads = threads } }, model.Preprocessing), model);

    /// <summary>Returns a copy of a model in tensors, which give what the managed engine does not.</summary>
    /// <param name="model">A model with an inference network.</param>
    public static TorchModel InTensors(SparseCodingModel model) => Filled(new TorchModel(model.Experiment, model.Preprocessing), model);

    private static T Filled<T>(T copy, SparseCodingModel model) where T : SparseCodingModel
    {
        copy.TakeParameters(model);
        return copy;
    }
}
