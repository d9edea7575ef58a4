using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Samples from codes.</summary>
internal static class CodeDecoding
{
    private const int BlockRows = 1000;

    /// <summary>A z, with the standardisation undone.</summary>
    /// <param name="model">The model, which is not being changed.</param>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="samples">Receives the samples, [N, D].</param>
    public static void Decode(SparseCodingModel model, ReadOnlySpan<float> codes, Span<float> samples)
    {
        int atoms = model.Experiment.Generator.Atoms, dimension = model.Preprocessing.Dimension;
        var written = samples[..(codes.Length / atoms * dimension)];
        using var _ = no_grad();
        while (!codes.IsEmpty)
        {
            using var scope = NewDisposeScope();
            int rows = Math.Min(BlockRows, codes.Length / atoms);
            var block = empty([rows, atoms]);
            codes[..(rows * atoms)].CopyTo(block.Span<float>());
            model.Generator.Decode(block.to(model.Device)).cpu().contiguous().Span<float>().CopyTo(samples);
            codes = codes[(rows * atoms)..];
            samples = samples[(rows * dimension)..];
        }
        model.Preprocessing.Restore(written);
    }
}
