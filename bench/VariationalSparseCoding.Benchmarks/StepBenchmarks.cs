using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>A whole training step, against the same step by tensors and autograd.</summary>
public class StepBenchmarks
{
    private SparseCodingModel model = null!;
    private VariationalStep step = null!;
    private torch.Tensor batch = null!;
    private long done;

    [Params("gaussian", "laplacian", "spike-and-slab", "thresholded-laplacian", "thresholded-laplacian-gamma")]
    public string Method { get; set; } = "";

    [Params(1, Inputs.Samples)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Create()
    {
        var options = new StepBenchmarkOptions { Method = Method, Samples = Samples };
        var experiment = StepBenchmark.Describe(options);
        torch.set_num_threads(experiment.Compute.Threads);
        model = new(experiment, Preprocessing.OfVectors(options.InputSize));
        (step, batch, done) = (new(model, stepsPerEpoch: 800), StepBenchmark.Batch(options, 0), 0);
    }

    [Benchmark(Baseline = true, Description = "autograd"), BenchmarkCategory("training step")]
    public void Autograd()
    {
        var key = new NoiseKey(0, NoisePurpose.Training, (uint)done);
        step.Apply(batch, done++, heads => model.Noise!.Draw(key, 0, heads, Samples));
    }

    [Benchmark(Description = "fused"), BenchmarkCategory("training step")]
    public void Fused() => step.Apply(batch, done++);

    [GlobalCleanup]
    public void Free()
    {
        batch.Dispose();
        step.Dispose();
        model.Dispose();
    }
}
