using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>A dictionary to be shown: that of a run's newest checkpoint, or one that was estimated from codes (<see cref="ImageFindings"/>).</summary>
/// <param name="Values">A, row by row, [D, d].</param>
/// <param name="Dimension">D.</param>
/// <param name="Atoms">d, or the number of shown columns.</param>
/// <param name="Shape">The shape of an atom that is an image; null for vectors.</param>
internal sealed record LearnedAtoms(float[] Values, int Dimension, int Atoms, ImageShape? Shape)
{
    /// <summary>Reads a run's dictionary; null where there is no run, or no checkpoint yet.</summary>
    /// <param name="path">The run's folder.</param>
    /// <exception cref="InvalidInputException">The run is damaged, or its generator is not linear.</exception>
    public static LearnedAtoms? Read(string path)
    {
        if (!Directory.Exists(path)) return null;
        using var folder = RunFolder.Open(path);
        if (folder.ReadNewestCheckpoint() is not { } checkpoint) return null;
        using var model = ModelFile.Model(checkpoint.Path, checkpoint.File);
        return new(model.Dictionary(), model.Dimension, model.Atoms, model.Preprocessing.PatchSize is { } side ? new(1, side, side) : null);
    }
}
