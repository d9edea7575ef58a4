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
        Generator = experiment.Generator.Kind == GeneratorKind.Linear
            ? new LinearGenerator(Initialisation.Dictionary(inputSize, atoms, experiment.Generator.InitialNorm, experiment.Seed, type).to(Device))
            : new ConvolutionalGenerator(preprocessing.ImageShape ?? throw NoImages(preprocessing), atoms, experiment.Seed, type, experiment.Compute.Precision);
        if (MethodTable.Find(experiment.Method)!.IsMapInference) return;
        Posterior = Posterior.Create(experiment.Posterior);
        Noise = new(experiment.Posterior, experiment.Prior.Kind == PriorKind.Clf ? experiment.Prior.Components : 0);
        Network = new InferenceNetwork(Body(), atoms, Posterior.Heads, experiment.Seed);
        if (experiment.Posterior.InitialHeads == InitialHeads.Prior) Initialisation.HeadsNear(Network, Posterior.FixedPrior);
        Prior = Prior.Create(experiment, Posterior, Network, Body, inputSize, type);
        Train(false);
        if (Device.type == DeviceType.CPU) return;
        Network.to(Device);
        Generator.To(Device);
        Prior.To(Device);

        Backbone Body() => Backbone.Create(experiment.Network.Backbone, inputSize, preprocessing.ImageShape, type, experiment.Compute.Precision);
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

    /// <summary>The map from codes to samples.</summary>
    public Networks.Generator Generator { get; }

    /// <summary>The generator as a dictionary.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public LinearGenerator Linear => Generator as LinearGenerator
        ?? throw new InvalidInputException($"the model has a {ExperimentJson.Name(Experiment.Generator.Kind)} generator and so no dictionary; what needs one is for runs with a linear generator");

    /// <summary>Every parameter by its name, in the order of creation; the tensors are the model's own.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Parameters =>
        [.. Generator.Parameters, .. Network?.named_parameters().Select(p => ("network." + p.name, (Tensor)p.parameter)) ?? [], .. Prior?.Parameters ?? []];

    /// <summary>Running statistics of batch normalisation by their names; the tensors are the model's own.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Buffers =>
        [.. Generator.Buffers, .. Network?.RunningStatistics().Select(b => ("network." + b.Name, b.Value)) ?? [], .. Prior?.Buffers ?? []];

    /// <summary>Sets whether batch normalisation takes the statistics of its batch and learns the running ones; a new model does not.</summary>
    /// <param name="isTraining">Whether it does.</param>
    public void Train(bool isTraining)
    {
        Network?.train(isTraining);
        Generator.Train(isTraining);
        Prior?.Train(isTraining);
    }

    private static InvalidInputException NoImages(Preprocessing preprocessing) =>
        new($"generator.kind: 'convolutional' makes images, and the samples are {(preprocessing.Kind == SampleKind.Vectors ? "vectors" : "patches")} of {preprocessing.Dimension} values; "
            + "use images of 28 x 28 or 64 x 64 (data.source 'fashion-mnist' or 'celeba', or a folder with data.imageSize), or the generator 'linear'");

    public void Dispose()
    {
        Prior?.Dispose();
        Network?.Dispose();
        Generator.Dispose();
    }
}
