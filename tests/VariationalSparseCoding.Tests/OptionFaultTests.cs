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
}
