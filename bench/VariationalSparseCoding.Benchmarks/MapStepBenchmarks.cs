using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>A training step of the baseline: samples made of 7% of the atoms and noise, so that codes are about as active as those of a trained model.</summary>
public class MapStepBenchmarks
{
    // As in a trained model: atoms of norm 8, samples of variance 1 or so.
    private const float AtomScale = 0.5f, CodeScale = 0.7f, Noise = 0.5f, ActiveFraction = 0.07f;
    private const long AfterWarmUp = 20_000;
    private SparseCodingModel model = null!;
    private MapStep step = null!;
    private torch.Tensor batch = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(Threads);
        var defaults = MethodTable.Find("fista")!.Defaults();
        model = new(defaults with
        {
            Generator = defaults.Generator with { Atoms = Inputs.Size },
            // The dictionary stays, so that each step is the same work.
            Schedule = defaults.Schedule with { BatchSize = Inputs.Rows, DictionaryStep = 0 },
            Compute = new() { Threads = Threads },
        }, Preprocessing.OfVectors(Inputs.Size));
        model.Linear.Set([.. Inputs.Normal(0, Inputs.Size * Inputs.Size).Select(value => AtomScale * value)]);
        float[] values = Inputs.Normal(1, Inputs.Rows * Inputs.Size), choices = Inputs.Uniform(2, Inputs.Rows * Inputs.Size);
        using var codes = torch.tensor([.. values.Zip(choices, (value, choice) => choice < ActiveFraction ? CodeScale * value : 0)], [Inputs.Rows, Inputs.Size]);
        using var noise = torch.tensor([.. Inputs.Normal(3, Inputs.Rows * Inputs.Size).Select(value => Noise * value)], [Inputs.Rows, Inputs.Size]);
        using var decoded = model.Generator.Decode(codes);
        (batch, step) = (decoded + noise, new(model, stepsPerEpoch: 800));
        // Until the compiler has optimised the loops, which takes it longer than the benchmark's own warm-up, a step takes ten times as long.
        for (int round = 0; round < 4; round++, Thread.Sleep(200))
            for (int i = 0; i < 30; i++) step.Apply(batch, AfterWarmUp);
        var terms = step.Apply(batch, AfterWarmUp);
        Console.WriteLine($"// {terms["iterations"]} iterations, active fraction {terms["active_fraction"]:F3}");
    }

    [Benchmark, BenchmarkCategory("training step of fista")]
    public void Step() => step.Apply(batch, AfterWarmUp);

    [GlobalCleanup]
    public void Free()
    {
        batch.Dispose();
        step.Dispose();
        model.Dispose();
    }
}
