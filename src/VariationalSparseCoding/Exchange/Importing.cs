using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Exchange;

/// <summary>What was imported.</summary>
/// <param name="State">The model, as at the end of a training that nobody here has seen.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Notes">What a person should know, in one line each.</param>
internal sealed record ImportedCoder(TrainingState State, string Summary, IReadOnlyList<string> Notes);

/// <summary>Makes models of dictionaries that other programs have trained.</summary>
internal static class Importing
{
    /// <summary>Reads a dictionary as a model.</summary>
    /// <param name="path">Its folder, or the file of its weights.</param>
    /// <param name="format">The name of its format; null to recognise it.</param>
    /// <param name="lambda">The weight of the 1-norm in codes by a solver; null for what the files say, or the usual one.</param>
    /// <exception cref="InvalidInputException">There is none, it is damaged, or its arithmetic cannot be represented.</exception>
    public static ImportedCoder Read(string path, string? format = null, double? lambda = null)
    {
        var (found, coder) = CoderFormats.Read(path, format);
        if (lambda is not null) coder = coder with { Lambda = lambda };
        var method = MethodOf(coder);
        string summary = string.Create(CultureInfo.InvariantCulture, $"{Name(coder)} of {coder.Features} features in {coder.Dimension} values, from {found.Title}");
        var experiment = Experiment(coder, method, PrintableText.Of($"imported from {path}: {summary}"));
        if (experiment.Validate() is { Count: > 0 } errors) throw new InvalidInputException($"{path}: cannot be imported: {string.Join("; ", errors)}.");
        return new(State(coder, TrainingRun.Resolve(experiment)), summary, coder.Notes);
    }

    /// <summary>Imports a dictionary into a folder, as a run that is finished.</summary>
    /// <param name="path">Its folder, or the file of its weights.</param>
    /// <param name="run">The run's folder, which must be new or empty.</param>
    /// <param name="format">The name of its format; null to recognise it.</param>
    /// <param name="lambda">The weight of the 1-norm in codes by a solver; null for what the files say, or the usual one.</param>
    /// <returns>What it is, and what a person should know, in one line each.</returns>
    /// <exception cref="InvalidInputException">There is none, its arithmetic cannot be represented, or the folder is occupied.</exception>
    public static (string Summary, IReadOnlyList<string> Notes) ToRun(string path, string run, string? format = null, double? lambda = null)
    {
        var imported = Read(path, format, lambda);
        using var state = imported.State;
        using var folder = RunFolder.Create(run, state.Model.Experiment);
        try
        {
            folder.Save(state);
        }
        catch
        {
            folder.Abandon();
            throw;
        }
        return (imported.Summary, imported.Notes);
    }

    private static Method MethodOf(SharedCoder coder) => MethodTable.Find(coder.Gate switch
    {
        GateKind.TopK => "topk",
        GateKind.JumpRelu => "jumprelu",
        GateKind.Relu => "relu",
        GateKind.Gated => "gated",
        GateKind.GroupMax => "group-max",
        GateKind.MatchingPursuit => "matching-pursuit",
        _ => "fista",
    })!;

    private static string Name(SharedCoder coder) => coder.Gate switch
    {
        null => "a dictionary alone, whose codes are found by a solver,",
        GateKind.TopK or GateKind.GroupMax => string.Create(CultureInfo.InvariantCulture, $"{MethodOf(coder).PaperRow} with k = {coder.Active}"),
        _ => MethodOf(coder).PaperRow,
    };

    // One step that was done, so that there is nothing to resume.
    private static Experiment Experiment(SharedCoder coder, Method method, string description)
    {
        var defaults = method.Defaults();
        return defaults with
        {
            Description = description,
            Data = new() { Source = DataOptions.Imported, TrainSamples = 1, ValidationSamples = 0, Normalisation = Normalisation.None },
            Sparsity = defaults.Sparsity with { Active = Math.Min(coder.Active, coder.Features) },
            Objective = defaults.Objective with { Lambda = coder.Lambda ?? DerivedSettings.UsualLambda(coder.Dimension) },
            Network = defaults.Network with { Centred = coder.IsCentred },
            Generator = defaults.Generator with { Atoms = coder.Features },
            Schedule = defaults.Schedule with { Epochs = 1, BatchSize = 1, StepSizes = StepSizes.Fixed },
        };
    }

    private static TrainingState State(SharedCoder coder, Experiment experiment)
    {
        var state = new TrainingState(coder.Gate is null ? Dictionary(coder, experiment) : Autoencoder(coder, experiment), experiment.Data.TrainSamples) { StepsDone = 1 };
        // No state of an optimiser belongs to it.
        state.Restore([]);
        return state;
    }

    /// <summary>A dictionary alone: the offset is a mean that is taken off and added again.</summary>
    private static ManagedModel Dictionary(SharedCoder coder, Experiment experiment)
    {
        bool hasOffset = coder.Offset.AsSpan().ContainsAnyExcept(0f);
        double[] deviations = new double[coder.Dimension];
        Array.Fill(deviations, 1);
        var model = new ManagedModel(experiment, hasOffset ? Preprocessing.OfVectors(coder.Dimension, Array.ConvertAll(coder.Offset, value => (double)value), deviations) : Preprocessing.OfVectors(coder.Dimension));
        model.SetDictionary(SharedTensors.Transpose(coder.Atoms, coder.Features, coder.Dimension));
        return model;
    }

    private static AutoencoderModel Autoencoder(SharedCoder coder, Experiment experiment)
    {
        var model = new AutoencoderModel(experiment, Preprocessing.OfVectors(coder.Dimension));
        var parameters = model.Parameters;
        coder.Atoms.CopyTo(parameters.Atoms.All);
        coder.Offset.CopyTo(parameters.Offset.All);
        if (parameters.PursuitStop is { } stop) (stop.All[0], stop.All[1], stop.All[2]) = ((float)coder.Pursuit.Residual, coder.Pursuit.Steps, coder.Pursuit.AtRepetition ? 1 : 0);
        else
        {
            coder.Encoder.CopyTo(parameters.Encoder.All);
            coder.Bias.CopyTo(parameters.Bias.All);
        }
        if (parameters.Threshold is { } threshold) coder.Threshold.CopyTo(threshold.All);
        if (parameters.MagnitudeScale is { } scale)
        {
            coder.MagnitudeScale.CopyTo(scale.All);
            for (int feature = 0; feature < coder.Features; feature++) parameters.MagnitudeBias!.All[feature] = GatedBias.Joint(coder.MagnitudeBias[feature], coder.MagnitudeScale[feature], coder.Bias[feature]);
        }
        model.Changed();
        return model;
    }
}
