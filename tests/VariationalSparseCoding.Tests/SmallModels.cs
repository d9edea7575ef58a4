using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests;

/// <summary>Small models of every variational method, and numbers for them.</summary>
internal static class SmallModels
{
    public const int Inputs = 7, Atoms = 21;

    /// <summary>The methods with an inference network.</summary>
    public static IEnumerable<string> Variational => MethodTable.All.Where(method => method.IsVariational).Select(method => method.Name);

    public static Experiment Describe(string method = "thresholded-laplacian", int batchSize = 9, int draws = 3, Fidelity fidelity = Fidelity.Equations)
    {
        var defaults = MethodTable.Find(method)!.Defaults(fidelity);
        return defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Sampling = defaults.Sampling with { Draws = draws },
            Schedule = defaults.Schedule with { BatchSize = batchSize },
            Compute = new() { Threads = 1 },
            Seed = 5,
        };
    }

    /// <summary>A model with its initial parameters.</summary>
    public static ManagedModel Model(Experiment experiment, int inputs = Inputs)
    {
        var model = new ManagedModel(experiment, Preprocessing.OfVectors(inputs));
        model.Initialise();
        return model;
    }

    /// <summary>Standard normal samples, [rows, inputs].</summary>
    public static float[] Samples(int rows, int inputs = Inputs, int stream = 0) => RandomNumbers.Normal(stream, rows * inputs);
}
