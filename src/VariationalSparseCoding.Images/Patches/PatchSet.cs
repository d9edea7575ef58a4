using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images.Patches;

/// <summary>Square patches of images, gathered and standardised when they are asked for.</summary>
internal sealed class PatchSet : ISampleSet
{
    private readonly PatchGrid grid;
    private readonly long[] patches;
    private readonly Preprocessing preprocessing;

    internal PatchSet(PatchGrid grid, long[] patches, Preprocessing preprocessing) =>
        (this.grid, this.patches, this.preprocessing) = (grid, patches, preprocessing);

    /// <inheritdoc/>
    public int Count => patches.Length;

    /// <inheritdoc/>
    public int Dimension => preprocessing.Dimension;

    /// <summary>
    /// Draws distinct patches, uniformly from all at stride 1, for training and validation. The statistics of each pixel are those of all patches,
    /// drawn or not, as in the published experiments.
    /// </summary>
    /// <param name="images">Whitened images of any sizes of at least a patch.</param>
    /// <param name="whiteningScale">The number by which they were scaled; null where they came whitened.</param>
    /// <param name="options">Patch size, numbers of samples, and whether they are standardised.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">An image is smaller than a patch, there are fewer patches than wanted, or all are equal.</exception>
    public static DataSplit Draw(IReadOnlyList<GrayImage> images, double? whiteningScale, DataOptions options, ulong seed)
    {
        int size = options.PatchSize;
        bool isStandardised = options.Normalisation != Normalisation.None;
        var grid = new PatchGrid(images, size, stride: 1);
        long wanted = (long)options.TrainSamples + options.ValidationSamples;
        if (wanted > grid.Count)
            throw new InvalidInputException($"{options.Source}: {wanted} patches of {size} x {size} are wanted but only {grid.Count} exist; ask for fewer samples or give more images");
        var (mean, deviation) = PatchStatistics.Compute(images, size);
        int constant = deviation.Count(value => value == 0);
        if (isStandardised && constant == deviation.Length)
            throw new InvalidInputException($"{options.Source}: every pixel is the same in all {grid.Count} patches; give larger images or do not standardise");
        var preprocessing = isStandardised ? Preprocessing.OfPatches(size, whiteningScale, mean, deviation) : Preprocessing.OfPatches(size, whiteningScale);
        var (train, validation) = DistinctDraw.Draw(grid.Count, options.TrainSamples, options.ValidationSamples, seed);
        return new DataSplit(new PatchSet(grid, train, preprocessing), new PatchSet(grid, validation, preprocessing), preprocessing)
        {
            Notes = isStandardised && constant > 0 ? [$"{options.Source}: pixels that are the same in all patches: {constant} of {deviation.Length}; codes do not depend on them, and they are decoded as their mean"] : [],
            MeanSquare = isStandardised ? 1 : mean.Zip(deviation, (centre, spread) => centre * centre + spread * spread).Average(),
        };
    }

    /// <inheritdoc/>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        for (int i = 0; i < rows.Length; i++) grid.Copy(patches[rows[i]], destination.Slice(i * Dimension, Dimension));
        preprocessing.Standardise(destination[..(rows.Length * Dimension)]);
    }

    /// <summary>Nothing: patches live in memory.</summary>
    public void Dispose() { }
}
