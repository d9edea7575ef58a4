using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Training;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>A whole training step, against the same step by tensors and autograd.</summary>
public class StepBenchmarks
{
    private TorchModel tensors = null!;
    private AutogradStep autograd = null!;
    private LinearTraining managed = null!;
    private float[] batch = [];
    private long done;

    [Params("gaussian", "laplacian", "spike-and-slab", "thresholded-laplacian", "thresholded-laplacian-gamma")]
    public string Method { get; set; } = "";

    [Params(1, Inputs.Samples)]
    public int Draws { get; set; }

    [GlobalSetup]
    public void Create()
    {
        var options = new StepBenchmarkOptions { Method = Method, Draws = Draws };
        var experiment = StepBenchmark.Describe(options);
        TorchSharp.torch.set_num_threads(experiment.Compute.Threads);
        tensors = new(experiment, Preprocessing.OfVectors(options.InputSize));
        autograd = new(tensors, stepsPerEpoch: 800);
        var model = new ManagedModel(experiment, Preprocessing.OfVectors(options.InputSize));
        model.Initialise();
        managed = new(model, stepsPerEpoch: 800, EncoderPass.Create);
        batch = new float[options.BatchSize * options.InputSize];
        CounterNoise.FillNormal<float>(new(0, NoisePurpose.Data, 0), 0, 0, options.BatchSize, 1, options.InputSize, batch);
        done = 0;
    }

    [Benchmark(Baseline = true, Description = "autograd"), BenchmarkCategory("training step")]
    public void Autograd() => autograd.Apply(batch, done++);

    [Benchmark(Description = "managed"), BenchmarkCategory("training step")]
    public void Managed() => managed.Apply(batch, done++);

    [GlobalCleanup]
    public void Free()
    {
        autograd.Dispose();
        managed.Dispose();
        tensors.Dispose();
    }
}
