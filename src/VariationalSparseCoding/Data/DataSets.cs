using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>Opens the data of a run, whatever its source.</summary>
internal static class DataSets
{
    /// <summary>Draws the training and validation samples of a run. Equal options and seeds draw the same samples.</summary>
    /// <param name="options">Valid options; the kind of data follows from <see cref="DataOptions.Source"/>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or the source is missing, of no known kind, damaged, or too small.</exception>
    public static DataSplit Open(DataOptions options, ulong seed) => Require(options).Open(options, seed);

    /// <summary>
    /// Does once for all runs what takes long, such as cropping and resizing image files into the cache folder; with other sources nothing. <see cref="Open"/> does so
    /// itself, but reports no progress and cannot be stopped.
    /// </summary>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or files are missing or damaged.</exception>
    public static void Prepare(DataOptions options, IProgress<ImageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Require(options).Prepare(options, progress, cancellationToken);

    /// <summary>Counts the samples of a source: patches at stride 1, rows, or whole images. Nothing is decoded.</summary>
    /// <param name="options">The source and the sizes of patches or images.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or the source cannot be read.</exception>
    internal static SampleCount Count(DataOptions options) => Require(options).Count(options);

    /// <summary>Returns why an option has no effect on the samples; null if it has one.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="path">The option, such as "data.patchSize".</param>
    internal static string? ReasonUnused(DataOptions options, string path) => Require(options).ReasonUnused(options, path);

    /// <summary>Returns the number of values of a source's samples, D. Nothing is decoded.</summary>
    /// <param name="options">The source and the sizes of patches or images.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or the source cannot be read.</exception>
    internal static int Dimension(DataOptions options) => Require(options).Dimension(options);

    /// <summary>Opens data as samples for a model; see <see cref="DataSource.OpenForEncoding"/>.</summary>
    /// <param name="source">The data.</param>
    /// <param name="preprocessing">The model's preprocessing.</param>
    /// <param name="choice">What of the data is meant.</param>
    /// <returns>The samples, [N, D], which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The source cannot be read, or its samples are not of the model's kind or size.</exception>
    internal static ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice = default)
    {
        if (choice.Stride is { } stride && stride < 1) throw new InvalidInputException($"stride {stride}: patches cannot be closer than one pixel; use 1 or more");
        var kind = DataSources.Require(source);
        if (choice.Stride is { } unused && (!kind.HasPatches || preprocessing.ImageShape is not null)) throw NoStride(source, unused);
        return kind.OpenForEncoding(source, preprocessing, choice with { Tensor = choice.Tensor ?? "" });
    }

    /// <summary>The refusal of a stride where samples are no patches that could be closer or farther.</summary>
    /// <param name="source">The data.</param>
    /// <param name="stride">The stride.</param>
    internal static InvalidInputException NoStride(string source, int stride) => new($"{source}: the stride {stride} has no meaning, because its samples are not cut from images here; leave it out");

    private static DataSource Require(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        DataSources.Validate(options, errors);
        return errors.Count == 0 ? DataSources.Require(options.Source) : throw new InvalidInputException(string.Join("; ", errors));
    }
}
