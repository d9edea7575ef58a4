using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>A run that a reproduction needs.</summary>
/// <param name="Variant">The variant that is run.</param>
/// <param name="Experiment">The whole experiment: with schedule, data and seed.</param>
internal sealed record PlannedRun(RunVariant Variant, Experiment Experiment)
{
    /// <summary>The run's name, with its seed.</summary>
    public string Name => NameOf(Variant.Name, Experiment.Seed);

    /// <summary>Returns the name of a variant's run.</summary>
    /// <param name="variant">Name of the variant.</param>
    /// <param name="seed">The run's seed.</param>
    public static string NameOf(string variant, ulong seed) => FormattableString.Invariant($"{variant}-s{seed}");
}
