using System.Text.Json.Nodes;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Evaluation;

/// <summary>How alike the dictionaries of two runs are, in the unit of the samples, whatever their normalisation.</summary>
/// <param name="MeanAbsoluteCosine">Mean |cosine| of atoms matched one to one, over the atoms of the smaller dictionary: MCC.</param>
/// <param name="Twins">Share of the run's atoms that have an atom of |cosine| above <see cref="TwinCosine"/> in the other dictionary.</param>
internal sealed record DictionaryComparison(double MeanAbsoluteCosine, double Twins)
{
    /// <summary>From here on two atoms are called twins.</summary>
    public const double TwinCosine = 0.9;

    /// <summary>Compares the newest checkpoints of two runs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="other">The other.</param>
    /// <exception cref="InvalidInputException">A run has no checkpoint or no dictionary, or their samples have different sizes.</exception>
    public static DictionaryComparison Of(RunFolder run, RunFolder other)
    {
        var (first, atoms, dimension) = Dictionary(run);
        var (second, otherAtoms, otherDimension) = Dictionary(other);
        if (dimension != otherDimension) throw new InvalidInputException($"{other.Root}: its samples have {otherDimension} values where those of {run.Root} have {dimension}; compare runs on the same data.");
        // The match is over the atoms of the smaller dictionary.
        var match = atoms <= otherAtoms ? DictionaryRecovery.Match<float>(second, otherAtoms, first, atoms) : DictionaryRecovery.Match<float>(first, atoms, second, otherAtoms);
        double[] cosines = DictionaryStatistics.Cosines<float>(first, second, atoms, otherAtoms);
        int twins = Enumerable.Range(0, atoms).Count(atom => Array.Exists(cosines[(atom * otherAtoms)..((atom + 1) * otherAtoms)], cosine => Math.Abs(cosine) > TwinCosine));
        return new(match.MeanAbsoluteCosine, (double)twins / atoms);
    }

    /// <summary>The numbers under the names "mcc" and "twins_over_0.9".</summary>
    public JsonObject ToJson() => new() { ["mcc"] = MeanAbsoluteCosine, ["twins_over_0.9"] = Twins };

    private static (float[] Dictionary, int Atoms, int Dimension) Dictionary(RunFolder folder)
    {
        var (checkpoint, file) = folder.RequireNewestCheckpoint();
        using SparseCodingModel model = ModelFile.Model(checkpoint, file, folder.Experiment.Compute.Device);
        if (!model.HasDictionary) throw new InvalidInputException($"{folder.Root}: the model has a convolutional generator and no dictionary; compare runs that learn a dictionary.");
        float[] dictionary = model.Dictionary();
        var deviation = model.Preprocessing.Deviation.Span;
        for (int i = 0; i < dictionary.Length && deviation.Length > 0; i++) dictionary[i] *= (float)deviation[i / model.Atoms];
        return (dictionary, model.Atoms, model.Dimension);
    }
}
