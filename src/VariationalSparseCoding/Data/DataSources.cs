using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>
/// The table of data sources. The library knows matrices, stores and samples in memory; other packages register theirs by an explicit call.
/// Safe from several threads.
/// </summary>
internal static class DataSources
{
    private static readonly Lock Registration = new();
    private static volatile DataSource[] all = [new MatrixSource(), new StoreSource(), new MemorySource(), new ImportedSource()];

    /// <summary>All sources, in the order of their registration.</summary>
    public static IReadOnlyList<DataSource> All => all;

    /// <summary>Adds sources; those whose names are known already are passed over.</summary>
    /// <param name="sources">The sources.</param>
    public static void Register(params IReadOnlyList<DataSource> sources)
    {
        lock (Registration)
        {
            all = [.. all.Concat(sources).DistinctBy(source => source.Name)];
        }
    }

    /// <summary>The source that a text stands for; null if no registered one claims it.</summary>
    /// <param name="source">A <see cref="DataOptions.Source"/>.</param>
    public static DataSource? Find(string source)
    {
        var known = all;
        return Array.Find(known, kind => kind.Claims(source)) ?? Array.Find(known, kind => kind.ClaimsOthers);
    }

    /// <summary>The source that a text stands for.</summary>
    /// <param name="source">A <see cref="DataOptions.Source"/>.</param>
    /// <exception cref="InvalidInputException">No registered source claims it.</exception>
    public static DataSource Require(string source) => Find(source) ?? throw new InvalidInputException(
        $"data.source is '{PrintableText.Of(source)}', which this program cannot read; images and the data sets of images need the package VariationalSparseCoding.Images and a call of ImageData.Register()");

    /// <summary>Adds one line for every option that is out of range or contradicts its source, if that is registered. Looks at the options alone, never at the disk.</summary>
    /// <param name="options">The options.</param>
    /// <param name="errors">Receives the lines.</param>
    public static void Validate(DataOptions options, ICollection<string> errors)
    {
        options.Validate(errors);
        Find(options.Source)?.Validate(options, errors);
    }

    /// <summary>Whether a text is the name of a source, and not the path of a file or folder.</summary>
    /// <param name="source">A <see cref="DataOptions.Source"/>.</param>
    public static bool IsName(string source) => all.Any(kind => !kind.IsPath && kind.Claims(source));
}
