using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Reproduction;

/// <summary>The dictionary of a run's newest checkpoint; of a convolutional generator one that is estimated from codes (SPEC section 6.9).</summary>
/// <param name="Values">A, row by row, [D, d].</param>
/// <param name="Dimension">D.</param>
/// <param name="Atoms">d, or the number of shown columns.</param>
/// <param name="Shape">The shape of an atom that is an image; null for vectors.</param>
public sealed record LearnedAtoms(float[] Values, int Dimension, int Atoms, ImageShape? Shape)
{
    private const int BestOf = 50, Bands = 8, PerBand = 8;

    /// <summary>Reads a run's dictionary, or estimates it; null where there is no run, or no checkpoint yet.</summary>
    /// <param name="path">The run's folder.</param>
    /// <exception cref="InvalidInputException">The run is damaged, or the data that an estimate needs cannot be read.</exception>
    public static LearnedAtoms? Read(string path)
    {
        if (!Directory.Exists(path)) return null;
        using var folder = RunFolder.Open(path);
        if (folder.NewestCheckpoint is not { } checkpoint) return null;
        using var model = ModelFile.Read(checkpoint);
        if (model.Generator is not LinearGenerator) return Estimate(folder);
        return new(CodeEvaluation.Dictionary(model), model.Preprocessing.Dimension, model.Experiment.Generator.Atoms, model.Preprocessing.PatchSize is { } side ? new(1, side, side) : null);
    }

    /// <summary>The linear dictionary that explains the validation images best from their codes, of which 64 columns are shown: eight bands over the ranks by norm, eight columns of each, as in the paper's figures.</summary>
    private static LearnedAtoms Estimate(RunFolder folder)
    {
        using var run = OpenedRun.Open(folder);
        var (model, validation) = (run.Model, run.Data.Validation);
        int atoms = run.Experiment.Generator.Atoms, dimension = validation.Dimension;
        float[] codes = new CodeInference(model, Anneal.Evaluation).Codes(CodeKind.AsTrained, validation, new(run.Experiment.Seed, NoisePurpose.Evaluation, 0), BestOf);
        float[] images = new float[validation.Count * dimension];
        validation.CopyRows([.. Enumerable.Range(0, validation.Count)], images);
        double[] estimate = DictionaryEstimation.Estimate<float>(images, dimension, codes, atoms);
        double[] norms = DictionaryStatistics.Norms<double>(estimate, atoms);
        int[] byNorm = [.. Enumerable.Range(0, atoms).OrderByDescending(atom => norms[atom])];
        int[] shown = [.. Enumerable.Range(0, Bands).SelectMany(band => byNorm.Skip(atoms / Bands * band).Take(PerBand)).Distinct()];
        float[] values = new float[dimension * shown.Length];
        for (int row = 0; row < dimension; row++)
            for (int column = 0; column < shown.Length; column++) values[row * shown.Length + column] = (float)estimate[row * atoms + shown[column]];
        return new(values, dimension, shown.Length, run.Data.Preprocessing.ImageShape);
    }
}
