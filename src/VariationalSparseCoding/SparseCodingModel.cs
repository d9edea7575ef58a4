using TorchSharp;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Priors;
using static TorchSharp.torch;

namespace VariationalSparseCoding;

/// <summary>What a run learns, with what is needed to use it: preprocessing, inference network (none for MAP inference), posterior and generator.</summary>
internal sealed class SparseCodingModel : IDisposable
{
    /// <summary>Creates a model with the initial parameters of its experiment.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    /// <param name="type">float32, or float64 for tests.</param>
    public SparseCodingModel(Experiment experiment, Preprocessing preprocessing, ScalarType type = ScalarType.Float32)
    {
        Experiment = experiment;
        Preprocessing = preprocessing;
        Device = experiment.Compute.Device == ComputeDevice.Cuda ? CUDA : CPU;
        int inputSize = preprocessing.Dimension, atoms = experiment.Generator.Atoms;
        using var scope = NewDisposeScope();
        Generator = new(Initialisation.Dictionary(inputSize, atoms, experiment.Generator.InitialNorm, experiment.Seed, type).to(Device));
        if (MethodTable.Find(experiment.Method)!.IsMapInference) return;
        Posterior = Posterior.Create(experiment.Posterior);
        Noise = new(experiment.Posterior, experiment.Prior.Kind == PriorKind.Clf ? experiment.Prior.Components : 0);
        Network = new InferenceNetwork(inputSize, atoms, Posterior.Heads, experiment.Seed, type);
        if (experiment.Posterior.InitialHeads == InitialHeads.Prior) Initialisation.HeadsNear(Network, Posterior.FixedPrior);
        Prior = Prior.Create(experiment, Posterior, Network, inputSize, type);
        if (Device.type == DeviceType.CPU) return;
        Network.to(Device);
        Prior.To(Device);
    }

    /// <summary>The run's description.</summary>
    public Experiment Experiment { get; }

    /// <summary>What was done to the samples before the model saw them.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Where the parameters live.</summary>
    public Device Device { get; }

    /// <summary>The inference network; null for MAP inference.</summary>
    public InferenceNetwork? Network { get; }

    /// <summary>The variational family; null for MAP inference.</summary>
    public Posterior? Posterior { get; }

    /// <summary>The prior of the codes; null for MAP inference.</summary>
    public Prior? Prior { get; }

    /// <summary>The source of the posterior's noise; null for MAP inference.</summary>
    public NoiseSource? Noise { get; }

    /// <summary>The dictionary.</summary>
    public LinearGenerator Generator { get; }

    /// <summary>Every parameter by its name, in the order of creation; the tensors are the model's own.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Parameters =>
        [("dictionary", Generator.Dictionary), .. Network?.named_parameters().Select(p => ("network." + p.name, (Tensor)p.parameter)) ?? [], .. Prior?.Parameters ?? []];

    public void Dispose()
    {
        Prior?.Dispose();
        Network?.Dispose();
        Generator.Dispose();
    }
}
