using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Training;

/// <summary>What a package with a tensor library adds: models and steps that the managed engine does not have.</summary>
internal interface ITensorEngine
{
    /// <summary>Name and version of the library, for the record.</summary>
    string Version { get; }

    /// <summary>Creates a model with the initial parameters of its experiment.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    SparseCodingModel CreateModel(Experiment experiment, Preprocessing preprocessing);

    /// <summary>Creates the training step of a model that this engine made.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    ITrainingStep CreateStep(SparseCodingModel model, int stepsPerEpoch);

    /// <summary>Creates the pass of an inference network whose products are computed in bf16.</summary>
    LinearStep.PassFactory Bfloat16Pass { get; }
}

/// <summary>Chooses the engine of an experiment: the managed one where it supports the experiment, else the tensor library's, if there is one.</summary>
internal static class Engines
{
    /// <summary>The tensor library's engine; null until its package was switched on.</summary>
    public static ITensorEngine? Tensors { get; set; }

    /// <summary>Creates a model to train, with the initial parameters of its experiment.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    /// <exception cref="InvalidInputException">The experiment needs the tensor library, which is not there.</exception>
    public static SparseCodingModel CreateModel(Experiment experiment, Preprocessing preprocessing)
    {
        if (!IsManaged(experiment)) return Required(experiment).CreateModel(experiment, preprocessing);
        if (IsAutoencoder(experiment))
        {
            var autoencoder = new AutoencoderModel(experiment, preprocessing);
            autoencoder.Initialise();
            return autoencoder;
        }
        var model = new ManagedModel(experiment, preprocessing);
        model.Initialise();
        return model;
    }

    /// <summary>Creates a model whose parameters are about to be read from a file. A dictionary can be used without the tensor library, whatever trained it.</summary>
    /// <param name="experiment">A valid experiment.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    /// <exception cref="InvalidInputException">The model needs the tensor library, which is not there.</exception>
    public static SparseCodingModel CreateEmptyModel(Experiment experiment, Preprocessing preprocessing)
    {
        if (IsAutoencoder(experiment)) return new AutoencoderModel(experiment, preprocessing);
        bool usable = experiment.Generator.Kind == GeneratorKind.Linear && Tensors is null;
        return IsManaged(experiment) || usable ? new ManagedModel(experiment, preprocessing) : Required(experiment).CreateModel(experiment, preprocessing);
    }

    /// <summary>Creates the training step of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <exception cref="InvalidInputException">The model needs the tensor library, which is not there.</exception>
    public static ITrainingStep CreateStep(SparseCodingModel model, int stepsPerEpoch)
    {
        var experiment = model.Experiment;
        if (experiment.Data.Source == DataOptions.Imported)
            throw new InvalidInputException("the dictionary was imported and is used as it is: training cannot go on with it; train a coder of your own, or give it as the dictionary of one");
        if (model is AutoencoderModel autoencoder) return new AutoencoderTraining(autoencoder, stepsPerEpoch);
        if (model is not ManagedModel managed) return Required(experiment).CreateStep(model, stepsPerEpoch);
        if (!IsManaged(experiment)) _ = Required(experiment);
        if (!model.HasNetwork) return new FistaTraining(managed, stepsPerEpoch);
        return new LinearTraining(managed, stepsPerEpoch, experiment.Compute.Precision == ComputePrecision.Bf16 ? Required(experiment).Bfloat16Pass : EncoderPass.Create);
    }

    private static bool IsManaged(Experiment experiment) => ManagedSupport.MissingOfModel(experiment) is null;

    private static bool IsAutoencoder(Experiment experiment) => MethodTable.Find(experiment.Method)!.Gate is not null;

    private static ITensorEngine Required(Experiment experiment) => Tensors
        ?? throw NeedsTensors(ManagedSupport.Missing(experiment)!);

    private static InvalidInputException NeedsTensors(string what) =>
        new($"{what} needs the tensor library: add the package VariationalSparseCoding.Torch and call TorchEngine.Use() at start") { Remedy = Remedy.AddTensorLibrary, Subject = what };
}
