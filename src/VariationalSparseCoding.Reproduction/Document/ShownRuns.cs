using VariationalSparseCoding.Reproduction.Measuring;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>What pictures show of runs themselves, each looked at once.</summary>
/// <param name="dictionaryOf">Reads the dictionary of a variant's run with a linear generator; null where it is not at hand.</param>
/// <param name="imagesOf">Looks at a variant's run with a convolutional generator; null where it is not at hand.</param>
internal sealed class ShownRuns(Func<string, LearnedAtoms?> dictionaryOf, Func<string, ImageFindings?> imagesOf)
{
    private readonly Dictionary<string, LearnedAtoms?> dictionaries = [];
    private readonly Dictionary<string, ImageFindings?> images = [];

    /// <summary>The runs in folders.</summary>
    /// <param name="pathOf">The folder of a variant's run; null where it is not at hand.</param>
    public static ShownRuns In(Func<string, string?> pathOf) =>
        new(variant => pathOf(variant) is { } path ? LearnedAtoms.Read(path) : null, variant => pathOf(variant) is { } path ? ImageFindings.Read(path) : null);

    /// <summary>The dictionary of a run with a linear generator, or null.</summary>
    /// <param name="variant">Name of the variant.</param>
    public LearnedAtoms? Dictionary(string variant) => Once(dictionaries, variant, dictionaryOf);

    /// <summary>What there is to see of a run with a convolutional generator, or null.</summary>
    /// <param name="variant">Name of the variant.</param>
    public ImageFindings? Images(string variant) => Once(images, variant, imagesOf);

    private static T? Once<T>(Dictionary<string, T?> known, string variant, Func<string, T?> read) where T : class
    {
        if (!known.TryGetValue(variant, out var found)) known[variant] = found = read(variant);
        return found;
    }
}
