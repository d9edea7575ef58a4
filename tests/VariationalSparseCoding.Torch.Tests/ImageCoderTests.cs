using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests;

/// <summary>A <see cref="SparseCoder"/> of a run with a convolutional generator.</summary>
public sealed class ImageCoderTests : IDisposable
{
    private const int Train = 12, Test = 6, Atoms = 4;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_run_encodes_and_decodes_as_its_evaluation_does()
    {
        using var folder = Trained();
        var evaluation = ImageEvaluation.Of(folder);
        using SparseCoder run = SparseCoder.Load(folder.Root), checkpoint = SparseCoder.Load(folder.NewestCheckpoint!);
        Assert.Equal((FashionFiles.Size, Atoms, true), (run.Dimension, run.Atoms, run.IsFitted));
        float[] images = [.. Enumerable.Range(0, Test * FashionFiles.Size).Select(i => FashionFiles.Pixel(i / FashionFiles.Size, i % FashionFiles.Size, isTest: true) / 255f)];
        EncodeOptions asTrained = new() { Kind = CodeKind.AsTrained };
        float[] codes = run.Encode(images, asTrained), decoded = run.Decode(codes);
        Assert.Equal(evaluation.Codes, codes);
        Assert.Equal(codes, checkpoint.Encode(images, asTrained));
        Assert.Equal(evaluation.Reconstructions, decoded);
        Assert.Equal(evaluation[CodeKind.AsTrained].SquaredError, images.Zip(decoded, (x, y) => (double)(x - y) * (x - y)).Average(), 1e-6);
        Assert.Equal(Test * Atoms, run.Encode(images, new EncodeOptions { Kind = CodeKind.Mode }).Length);
    }

    [Fact]
    public void What_needs_a_dictionary_is_refused()
    {
        using var folder = Trained();
        using var coder = SparseCoder.Load(folder.Root);
        float[] image = new float[FashionFiles.Size];
        foreach (Action action in new Action[]
        {
            () => _ = coder.Dictionary, () => coder.Encode(image, new EncodeOptions { Kind = CodeKind.ConvergedFista }), () => coder.Encode(image, new EncodeOptions { Refine = 1 }),
            () => coder.Encode(image, new EncodeOptions { Refine = EncodeOptions.UntilConverged }),
        })
        {
            string message = Assert.Throws<InvalidInputException>(action).Message;
            Assert.Contains("convolutional generator", message, StringComparison.Ordinal);
            Assert.Contains("dictionary", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_schedule_without_a_dictionary_step_is_no_given_dictionary()
    {
        using var folder = Trained(dictionaryStep: 0);
        using var coder = SparseCoder.Load(folder.Root);
        Assert.Equal(FashionFiles.Size, coder.Decode(new float[Atoms]).Length);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_saved_coder_is_the_same_and_goes_on_learning()
    {
        using var folder = Trained();
        using var coder = SparseCoder.Load(folder.Root);
        string file = scratch.File("model.safetensors");
        coder.Save(file);
        float[] images = [.. Enumerable.Range(0, 4 * FashionFiles.Size).Select(i => i % 256 / 255f)];
        using var again = SparseCoder.Load(file);
        float[] before = coder.Encode(images);
        Assert.Equal(before, again.Encode(images));
        again.PartialFit(images, FashionFiles.Size);
        Assert.NotEqual(before, again.Encode(images));
        again.Fit(Noise(8), FashionFiles.Size);
        Assert.Equal((GeneratorKind.Convolutional, DataOptions.Memory), (again.Experiment.Generator.Kind, again.Experiment.Data.Source));
    }

    private static float[] Noise(int count)
    {
        var random = new System.Random(1);
        return [.. Enumerable.Range(0, count * FashionFiles.Size).Select(_ => random.NextSingle())];
    }

    private RunFolder Trained(double dictionaryStep = 0.5)
    {
        FashionFiles.Write(scratch, Train, Test);
        var defaults = MethodTable.Find("thresholded-gaussian")!.Defaults(Fidelity.Equations, GeneratorKind.Convolutional);
        var folder = RunFolder.Create(scratch.File("run"), TrainingRun.Resolve(defaults with
        {
            Data = defaults.Data with { Source = DataOptions.FashionMnist, Root = scratch.Path, TrainSamples = Train, ValidationSamples = Test },
            Generator = defaults.Generator with { Atoms = Atoms },
            Sampling = defaults.Sampling with { Draws = 3 },
            Schedule = defaults.Schedule with { BatchSize = 4, Epochs = 1, DictionaryStep = dictionaryStep },
            Compute = defaults.Compute with { Threads = 1 },
        }));
        TrainingRun.Train(folder, []);
        return folder;
    }
}
