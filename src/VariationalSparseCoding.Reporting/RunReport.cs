using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Reporting;

/// <summary>
/// All that a report says about one run. D is the input size, d the number of atoms; the shapes must agree with each other.
/// Not-a-number values are allowed everywhere and shown as an en dash.
/// </summary>
internal sealed record RunReport : ReportedRun
{
    /// <summary>How samples and atoms are drawn.</summary>
    public required SampleShape Shape { get; init; }

    /// <summary>The dictionary A, [D, d]; columns are atoms.</summary>
    public required SampleMatrix Dictionary { get; init; }

    /// <summary>Fraction of the validation samples on which each atom is active (its coefficient is not exactly zero), in [0, 1], [d]. Empty where not measured.</summary>
    public IReadOnlyList<float> ActiveFractions { get; init; } = [];

    /// <summary>Mean over the validation samples of |z| of each atom, 0 or more, [d]. Empty where not measured.</summary>
    public IReadOnlyList<float> MeanMagnitudes { get; init; } = [];

    /// <summary>Indices of the atoms that are never active on the validation samples, each in [0, d).</summary>
    public IReadOnlyList<int> DeadAtoms { get; init; } = [];

    /// <summary>What the codes are called whose numbers and pictures these are.</summary>
    public string CodesName { get; init; } = "this run's codes";

    /// <summary>What is said of the codes as trained beside them; null where they are the same.</summary>
    public AsTrained? AsTrained { get; init; }

    /// <summary>Validation samples beside their reconstructions, where given.</summary>
    public ReconstructionSet? Reconstructions { get; init; }

    /// <summary>The strongest atoms with the samples that activate them most, strongest first.</summary>
    public IReadOnlyList<AtomExamples> StrongestAtoms { get; init; } = [];

    /// <summary>The codes in the terms of sparse autoencoders; null where not measured.</summary>
    public CodeQuality? Quality { get; init; }

    /// <summary>The atoms' norms, and how alike they are; null where not measured.</summary>
    public DictionaryQuality? DictionaryQuality { get; init; }

    /// <summary>The codes of this run beside the baselines.</summary>
    public required EvaluationTable Evaluation { get; init; }
}

/// <summary>The numbers of codes as trained, the paper's, where a report is about others.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Objective">Their objective.</param>
/// <param name="DeadAtoms">How many atoms they never use on the validation samples.</param>
internal sealed record AsTrained(string Name, double Objective, int DeadAtoms);

/// <summary>A name and its value, both as text.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with the unit, if any.</param>
internal sealed record NamedText(string Name, string Value);

/// <summary>One logged term of the loss.</summary>
/// <param name="Name">The term's name, e.g. "loss"; equal names in different rows form one curve.</param>
/// <param name="Value">Its value.</param>
internal sealed record LossTerm(string Name, double Value);

/// <summary>The loss terms logged at one moment of the training.</summary>
/// <param name="Epoch">Passes over the training set so far; fractions are allowed.</param>
/// <param name="Step">Optimiser steps so far.</param>
/// <param name="Train">Terms on the training samples, in the order to show them; may be empty.</param>
/// <param name="Validation">Terms on the validation samples, in the order to show them; may be empty.</param>
internal sealed record HistoryRow(double Epoch, long Step, IReadOnlyList<LossTerm> Train, IReadOnlyList<LossTerm> Validation);

/// <summary>Samples beside their reconstructions.</summary>
/// <param name="Originals">The samples x, [n, D].</param>
/// <param name="Reconstructions">The reconstructions Az, [n, D].</param>
/// <param name="Errors">1/2||x-Az||^2 of each sample, [n].</param>
internal sealed record ReconstructionSet(SampleMatrix Originals, SampleMatrix Reconstructions, IReadOnlyList<float> Errors);

/// <summary>An atom with the samples on which its coefficient is largest in magnitude.</summary>
/// <param name="Atom">The atom's index, in [0, d).</param>
/// <param name="Samples">The samples, largest magnitude first, [k, D]; k may be 0.</param>
/// <param name="Activations">The signed coefficient on each of them, [k].</param>
internal sealed record AtomExamples(int Atom, SampleMatrix Samples, IReadOnlyList<float> Activations);
