
namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>The kinds of tables and figures: a new one is a row here.</summary>
internal static class TargetContents
{
    /// <summary>Validation losses, information and importance-weighted numbers (Table 1).</summary>
    public static TargetContent Objectives { get; } = new(
        (_, results) => [.. ReproductionTables.Objective(results), .. ReproductionTables.Codes(results), .. ReproductionTables.Information(results), .. ReproductionTables.Importance(results)],
        (_, results) => ReproductionTables.NotesOnInformation(results))
    { Order = (_, results) => ReproductionText.OrderOfTable1(results) };

    /// <summary>The numbers of Table 1 with their standard deviations over seeds (Table 6).</summary>
    public static TargetContent Deviations { get; } = new(
        (_, results) => [.. ReproductionTables.Deviations(results), .. ReproductionTables.Codes(results)],
        (_, results) => ReproductionTables.NotesOnInformation(results));

    /// <summary>Collapse of latents and features (Table 2).</summary>
    public static TargetContent Collapse { get; } = new((_, results) => [.. ReproductionTables.CollapseColumns(results), .. ReproductionTables.Codes(results)], (_, _) => []);

    /// <summary>Signal-to-noise ratios of gradients (Figures 4 and 9).</summary>
    public static TargetContent Signals { get; } = new(
        (_, results) => [.. ReproductionTables.Signals(results), .. ReproductionTables.Codes(results)], (_, _) => ReproductionTables.NotesOnSignals)
    { Figure = (target, results, _) => ReproductionFigures.Signals(target, results) };

    /// <summary>Consistency of supports (Figure 5).</summary>
    public static TargetContent Consistency { get; } = new(
        (_, results) => [.. ReproductionTables.Consistency(results), .. ReproductionTables.Codes(results)], (_, _) => ReproductionTables.NotesOnConsistency)
    { Figure = (target, results, _) => ReproductionFigures.Consistency(target, results) };

    /// <summary>Learned dictionaries (Figures 3, 10 to 17 and 18).</summary>
    public static TargetContent Dictionaries { get; } = new(
        (_, results) => [.. ReproductionTables.Dictionaries(results), .. ReproductionTables.Codes(results)], (_, _) => ReproductionTables.NotesOnDictionaries)
    { Figure = (target, _, runs) => ReproductionFigures.Dictionaries(target, runs) };

    /// <summary>Methods over numbers of latent features and sparsity (Figure 7).</summary>
    public static TargetContent ImageSweep { get; } = new((_, results) => ImageTables.Columns(results), ImageTables.NotesWithCorrelation) { Figure = (target, results, _) => ImageSweeps.Of(target, results), Order = ImageSweeps.Order };

    /// <summary>Dictionaries estimated for generators of images (Figure 6).</summary>
    public static TargetContent ImageDictionaries { get; } = new((_, results) => ImageTables.Columns(results), ImageTables.NotesWithCorrelation) { Figure = (target, _, runs) => ImageFigures.Dictionaries(target, runs) };

    /// <summary>Labels of images and the features that correlate with them (Figure 8).</summary>
    public static TargetContent ImageLabels { get; } = new(ImageTables.ColumnsWithLabels, ImageTables.Notes) { Figure = (target, _, runs) => ImageFigures.Labels(target, runs) };

    /// <summary>Reconstructions of images (Figures 19 to 23).</summary>
    public static TargetContent ImageReconstructions { get; } = new((_, results) => ImageTables.Columns(results), ImageTables.NotesWithCorrelation) { Figure = (target, _, runs) => ImageFigures.Reconstructions(target, runs) };
}
