using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Reproduction.Metrics;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>The feature that correlates most with a label, and what it stands for.</summary>
/// <param name="Label">The label's name.</param>
/// <param name="Feature">Number of the feature.</param>
/// <param name="Correlation">The point-biserial correlation, in [-1, 1]; positive where the feature is larger with the label.</param>
/// <param name="Atom">The feature's column of the estimated dictionary, [D].</param>
internal sealed record LabelFeature(string Label, int Feature, double Correlation, float[] Atom);

/// <summary>What Figures 6, 8 and 19 to 23 show of a run with a convolutional generator: all from the best of 50 codes of each validation image, as in the published experiments.</summary>
internal sealed class ImageFindings
{
    private const int BestOf = 50, Bands = 8, PerBand = 8, ShownImages = 8, ShownFeatures = 40, DictionarySideOfFaces = 32;

    /// <summary>The linear dictionary that explains the validation images best from their codes, of which 64 columns are shown: eight bands over the ranks by norm, eight columns of each. That of faces is of 32 x 32 pixels.</summary>
    public required LearnedAtoms Dictionary { get; init; }

    /// <summary>The images' shape.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>The first validation images, [R, D].</summary>
    public required float[] Originals { get; init; }

    /// <summary>Their reconstructions, [R, D].</summary>
    public required float[] Reconstructions { get; init; }

    /// <summary>For each label the feature that correlates most with it; empty where images have no labels.</summary>
    public required IReadOnlyList<LabelFeature> Labels { get; init; }

    /// <summary>The features that correlate most with any label, most first, [F].</summary>
    public required IReadOnlyList<int> Features { get; init; }

    /// <summary>Their correlations with every label, [F, M].</summary>
    public required double[] Correlations { get; init; }

    /// <summary>Looks at a run; null where there is none, or no checkpoint yet.</summary>
    /// <param name="path">The run's folder.</param>
    /// <exception cref="InvalidInputException">The run is damaged, its generator is linear, or its data cannot be read.</exception>
    public static ImageFindings? Read(string path)
    {
        if (!Directory.Exists(path)) return null;
        using var folder = RunFolder.Open(path);
        if (folder.NewestCheckpoint is null) return null;
        using var run = LoadedRun.Open(folder);
        var (model, validation) = (run.Model, run.Data.Validation);
        var shape = run.Data.Preprocessing.ImageShape ?? throw new InvalidInputException($"{path}: its samples are not whole images");
        int atoms = run.Experiment.Generator.Atoms;
        float[] codes = new CodeInference(model, AnnealedWeights.Evaluation).Codes(CodeKind.AsTrained, validation, new(run.Experiment.Seed, NoisePurpose.Evaluation, 0), BestOf);
        int shown = Math.Min(ShownImages, validation.Count);
        float[] reconstructions = new float[shown * shape.Size];
        CodeDecoding.Decode(model, codes.AsSpan(0, shown * atoms), reconstructions);
        var (estimate, dictionaryShape) = EstimateDictionary(run, codes);
        double[] correlations = run.Data.Labels is { } labels
            ? PointBiserialCorrelation.Compute<float>(codes, atoms, Array.ConvertAll(labels.Validation.ToArray(), mark => mark != 0), labels.Names.Count) : [];
        IReadOnlyList<string> names = run.Data.Labels?.Names ?? [];
        double Strength(int feature, int label) => Math.Abs(correlations[feature * names.Count + label]);
        int[] features = names.Count == 0 ? [] : [.. Enumerable.Range(0, atoms).OrderByDescending(feature => Enumerable.Range(0, names.Count).Max(label => Strength(feature, label))).Take(ShownFeatures)];
        return new()
        {
            Dictionary = Banded(estimate, dictionaryShape, atoms),
            Shape = shape,
            Originals = validation.Rows(0, shown),
            Reconstructions = reconstructions,
            Labels = [.. names.Select((name, label) =>
            {
                int feature = Enumerable.Range(0, atoms).MaxBy(feature => Strength(feature, label));
                return new LabelFeature(name, feature, correlations[feature * names.Count + label], Columns(estimate, atoms, [feature]));
            })],
            Features = features,
            Correlations = [.. features.SelectMany(feature => correlations.Skip(feature * names.Count).Take(names.Count))],
        };
    }

    /// <summary>The estimated dictionary, row by row, [D, d], and the shape of an atom.</summary>
    private static (double[] Values, ImageShape Shape) EstimateDictionary(LoadedRun run, float[] codes)
    {
        var data = run.Experiment.Data;
        using var small = data.Source == DataOptions.CelebA ? DataSets.Open(data with { ImageSize = DictionarySideOfFaces }, run.Experiment.Seed) : null;
        var samples = small ?? run.Data;
        float[] images = samples.Validation.Rows(0, samples.Validation.Count);
        return (DictionaryEstimation.Estimate<float>(images, samples.Validation.Dimension, codes, run.Experiment.Generator.Atoms), samples.Preprocessing.ImageShape!.Value);
    }

    private static LearnedAtoms Banded(double[] estimate, ImageShape shape, int atoms)
    {
        double[] norms = DictionaryStatistics.Norms<double>(estimate, atoms);
        int[] byNorm = [.. Enumerable.Range(0, atoms).OrderByDescending(atom => norms[atom])];
        int[] shown = [.. Enumerable.Range(0, Bands).SelectMany(band => byNorm.Skip(atoms / Bands * band).Take(PerBand)).Distinct()];
        return new(Columns(estimate, atoms, shown), shape.Size, shown.Length, shape);
    }

    private static float[] Columns(double[] matrix, int columns, int[] chosen) =>
        [.. Enumerable.Range(0, matrix.Length / columns).SelectMany(row => chosen.Select(column => (float)matrix[row * columns + column]))];
}
