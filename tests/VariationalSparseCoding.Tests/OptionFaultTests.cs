using System.Reflection;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Tests;

/// <summary>Options that version 0.1 ignored or took for others.</summary>
public class OptionFaultTests
{
    [Fact]
    public void Atoms_that_contradict_the_dictionary_are_refused()
    {
        var options = new SparseCoderOptions { Dictionary = new float[,] { { 1, 0 }, { 0, 1 } }, Epochs = 1, Threads = 1 };
        Assert.Equal(2, options.Atoms);
        float[,] samples = { { 1, 2 }, { 3, -1 }, { 0, 1 }, { 2, 2 } };
        using var coder = new SparseCoder(options with { Atoms = 3 });
        Assert.Contains("Atoms: 3 are asked for where the dictionary has 2 columns", Assert.Throws<InvalidInputException>(() => coder.Fit(samples)).Message, StringComparison.Ordinal);
        using var sound = new SparseCoder(options with { Atoms = 2 });
        sound.Fit(samples);
        Assert.Contains("Kind: there are no codes of kind 99", Assert.Throws<InvalidInputException>(() => sound.Encode(samples, new() { Kind = (CodeKind)99 })).Message, StringComparison.Ordinal);
    }

    /// <summary>A value that cannot be used for each option, and what it is refused with.</summary>
    private static readonly Dictionary<string, (Func<SparseCoderOptions, SparseCoderOptions> Faulty, string Message)> Faults = new()
    {
        [nameof(SparseCoderOptions.Method)] = (options => options with { Method = "best" }, "Method: unknown method 'best'"),
        [nameof(SparseCoderOptions.Fidelity)] = (options => options with { Fidelity = (Fidelity)9 }, "Fidelity: must be one of Equations, Published, not 9"),
        [nameof(SparseCoderOptions.Images)] = (options => options with { Images = new(1, 5, 5) }, "Images: the convolutional generator is made for"),
        [nameof(SparseCoderOptions.Atoms)] = (options => options with { Atoms = 0 }, "Atoms: must lie between"),
        [nameof(SparseCoderOptions.Draws)] = (options => options with { Draws = 0 }, "Draws: must lie between"),
        [nameof(SparseCoderOptions.Epochs)] = (options => options with { Epochs = 0 }, "Epochs: must lie between"),
        [nameof(SparseCoderOptions.BatchSize)] = (options => options with { BatchSize = 0 }, "BatchSize: must be at least 1, not 0"),
        [nameof(SparseCoderOptions.SamplesPerEpoch)] = (options => options with { SamplesPerEpoch = 0 }, "SamplesPerEpoch is 0; it must be at least 1"),
        [nameof(SparseCoderOptions.Active)] = (options => options with { Method = "topk", Active = -1 }, "Active: must be at least 1, not -1"),
        [nameof(SparseCoderOptions.Threads)] = (options => options with { Threads = -1 }, "Threads: must "),
        [nameof(SparseCoderOptions.Normalisation)] = (options => options with { Images = new(1, 28, 28), Normalisation = Normalisation.Column }, "Images: whole images are used in [0, 1]; leave out Normalisation"),
        [nameof(SparseCoderOptions.Dictionary)] = (options => options with { Dictionary = new float[1, 3] }, "Dictionary: it has 1 rows"),
        [nameof(SparseCoderOptions.KlWeight)] = (options => options with { KlWeight = double.NaN }, "KlWeight: must be a number of at least 0, not NaN"),
        [nameof(SparseCoderOptions.Lambda)] = (options => options with { Lambda = -1 }, "Lambda: must be a number of at least 0, not -1"),
        [nameof(SparseCoderOptions.Configure)] = (options => options with { Configure = _ => null! }, "Configure: it returned null"),
    };

    // Every number is a seed.
    private const string WithoutFaults = nameof(SparseCoderOptions.Seed);

    public static TheoryData<string> Options =>
        [.. typeof(SparseCoderOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(option => option.Name).Where(name => name != WithoutFaults)];

    [Theory]
    [MemberData(nameof(Options))]
    public void A_fault_is_named_after_the_option_that_has_it(string option)
    {
        var (faulty, message) = Faults[option];
        int dimension = option == nameof(SparseCoderOptions.Normalisation) ? 784 : 2;
        using var coder = new SparseCoder(faulty(new() { Threads = 1 }));
        var error = Assert.Throws<InvalidInputException>(() =>
        {
            float[] samples = new float[SparseCoder.StandardisationSamples * dimension];
            if (option == nameof(SparseCoderOptions.SamplesPerEpoch)) coder.PartialFit(samples, dimension);
            else coder.Fit(samples, dimension);
        });
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
