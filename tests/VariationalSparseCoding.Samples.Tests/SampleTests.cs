using System.Reflection;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Samples.Tests;

/// <summary>The programs of samples/ run as they are. They write to the console and to the current folder, one after the other.</summary>
[Collection("console")]
public sealed class SampleTests : IDisposable
{
    private readonly string before = Environment.CurrentDirectory, scratch = Directory.CreateTempSubdirectory("vsc-samples-").FullName;

    public SampleTests() => Environment.CurrentDirectory = scratch;

    public void Dispose()
    {
        Environment.CurrentDirectory = before;
        Directory.Delete(scratch, recursive: true);
    }

    [Fact]
    public async Task An_array_is_fitted_and_encoded()
    {
        string output = await Run("FitAndEncode");
        Assert.Matches(@"^1000 codes of 12 features, \d+% active, \d+% of the energy missing\s*$", output);
        Assert.True(File.Exists("coder.safetensors"));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task One_vector_is_encoded()
    {
        using (var coder = new SparseCoder(new() { Atoms = 6, Epochs = 1, SamplesPerEpoch = 200, Threads = 1 }))
        {
            float[] samples = [.. Enumerable.Range(0, 200 * 8).Select(i => MathF.Sin(i * i))];
            coder.Fit(samples, 8);
            coder.Save("coder.safetensors");
        }
        string output = await Run("EncodeOne", "coder.safetensors", "10");
        Assert.Matches(@"^8 values, [0-6] of 6 features active; \d+ ms from the start of the process to the first code", output);
        Assert.Matches(@"[\d.]+ us for a vector, the median of 5 warm ones", output);
    }

    [Fact]
    public async Task A_stream_is_fitted()
    {
        string output = await Run("Stream");
        Assert.Contains("step 40 of 40: loss", output);
        Assert.Contains("dictionary of 16 x 12", output);
    }

    [Fact]
    public async Task Every_solver_finds_the_same_optimum()
    {
        string[] lines = (await Run("MapInference")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enum.GetValues<MapInference.MapSolver>().Length, lines.Length);
        Assert.Single(lines.Select(line => line.Split("objective ")[1].Split(',')[0]).Distinct());
    }

    [Fact]
    public async Task Without_a_run_the_usage_is_shown() => Assert.Equal("", await Run("MeasureRun"));

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_run_is_measured()
    {
        var experiment = MethodTable.Default.Defaults() with
        {
            Data = new() { PatchSize = 4, TrainSamples = 200, ValidationSamples = 50 },
            Generator = new() { Atoms = 8 },
            Schedule = new() { Epochs = 1 },
            Compute = new() { Threads = 1 },
        };
        ImageData.Register();
        TrainingRun.Start("run", experiment);
        string output = await Run("MeasureRun", "run");
        Assert.Contains("ConvergedFista objective", output);
        Assert.Contains("8 atoms, norms from", output);
    }

    private static async Task<string> Run(string sample, params string[] args)
    {
        var console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            var main = Assembly.Load(sample).EntryPoint!;
            if (main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]) is Task task) await task;
        }
        finally
        {
            Console.SetOut(console);
        }
        return output.ToString();
    }
}
