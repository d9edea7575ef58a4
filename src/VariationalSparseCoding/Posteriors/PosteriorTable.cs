using System.Collections.Concurrent;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Posteriors;

/// <summary>Makes the posterior of a family, as <see cref="PosteriorTable.Create"/> describes it.</summary>
/// <param name="options">A posterior of the family whose estimator is straight-through or subgradient.</param>
/// <param name="features">d.</param>
/// <param name="slots">How many inputs are prepared at a time.</param>
/// <param name="lines">How many draws are kept at a time, at least 1.</param>
internal delegate RowPosterior RowPosteriorFactory(PosteriorOptions options, int features, int slots, int lines);

/// <summary>The table of posteriors, one row for each family with an inference network. Safe from several threads.</summary>
internal static class PosteriorTable
{
    private static readonly ConcurrentDictionary<MethodFamily, RowPosteriorFactory> Rows = new()
    {
        [new GaussianMethods()] = (options, features, slots, lines) => new LocationScaleRows<GaussianBase>(options, features, slots, lines),
        [new LaplacianMethods()] = (options, features, slots, lines) => new LocationScaleRows<LaplacianBase>(options, features, slots, lines),
        [new SpikeAndSlabMethods()] = (options, features, slots, lines) => new SpikeAndSlabRows(options, features, slots, lines),
    };

    /// <summary>Adds a row, or replaces that of the family.</summary>
    /// <param name="family">The family.</param>
    /// <param name="factory">Makes its posterior.</param>
    public static void Register(MethodFamily family, RowPosteriorFactory factory) => Rows[family] = factory;

    /// <summary>Creates the posterior of an experiment.</summary>
    /// <param name="options">A posterior whose estimator is straight-through or subgradient.</param>
    /// <param name="features">d.</param>
    /// <param name="slots">How many inputs are prepared at a time.</param>
    /// <param name="lines">How many draws are kept at a time, at least 1.</param>
    /// <exception cref="ArgumentException">The family has no posterior.</exception>
    public static RowPosterior Create(PosteriorOptions options, int features, int slots, int lines) => Rows.TryGetValue(options.Family, out var factory)
        ? factory(options, features, slots, lines)
        : throw new ArgumentException(options.Family.IsMapInference ? "MAP inference has no posterior." : $"The family '{options.Family.Name}' has no row in the table of posteriors.", nameof(options));
}
