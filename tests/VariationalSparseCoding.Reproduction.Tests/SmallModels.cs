using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Tests;

/// <summary>Small experiments and models of every variational method.</summary>
internal static class SmallModels
{
    public const int Inputs = 4, Atoms = 3;

    public static IEnumerable<string> Variational => MethodTable.All.Where(method => method.IsVariational).Select(method => method.Name);

    public static Experiment Describe(string method) => MethodTable.Find(method)!.Defaults() with { Generator = new() { Atoms = Atoms }, Seed = 5, Compute = new() { Threads = 1 } };

    /// <summary>An experiment on a matrix of 80 x 6 in a folder.</summary>
    public static Experiment OfMatrix(ScratchFolder folder, string method)
    {
        const int rows = 80, columns = 6;
        string source = folder.File("matrix.npy");
        if (!File.Exists(source)) Npy.Write<float>(source, (float[])[.. Enumerable.Range(0, rows * columns).Select(i => (float)Math.Sin(i * i + i / columns))], columns);
        var defaults = MethodTable.Find(method)!.Defaults();
        return defaults with
        {
            Data = new() { Source = source, TrainSamples = 60, ValidationSamples = 20 },
            Generator = defaults.Generator with { Atoms = 8 },
            Sampling = defaults.Sampling with { Draws = 3 },
            Schedule = defaults.Schedule with { Epochs = 3, BatchSize = 10, WarmUp = new() { Initial = 0.1, Start = 2, Increment = 0.2 } },
            Compute = new() { Threads = 1 },
        };
    }

    /// <summary>A model of tensors for vectors.</summary>
    public static TorchModel InTensors(Experiment experiment, int inputs = Inputs, ScalarType type = ScalarType.Float32) => new(experiment, Preprocessing.OfVectors(inputs), type);

    /// <summary>Standard normal numbers.</summary>
    public static float[] Normal(uint number, int count)
    {
        float[] values = new float[count];
        CounterNoise.FillNormal<float>(new(9, NoisePurpose.Data, number), 0, 0, 1, 1, count, values);
        return values;
    }

    /// <summary>Makes the network's outputs equal for all inputs.</summary>
    public static void SetOutputs(TorchModel model, HeadTensors outputs)
    {
        using var gradientOff = no_grad();
        foreach (var (head, layer) in model.Network.Heads.Zip(model.Network.HeadLayers))
        {
            layer.weight!.zero_();
            layer.bias!.copy_(outputs[head].expand(layer.bias.shape));
        }
    }
}
