using VariationalSparseCoding.Experiments;
using static System.FormattableString;

namespace VariationalSparseCoding.Runs;

/// <summary>
/// Tells a person before the first step that the samples' unit does not fit the settings. Weights and step sizes are made for values near 1, as standardised ones are; raw samples,
/// and atoms that are given, have units of their own (docs/mathematics.md section 12 has the bounds and how they were found).
/// </summary>
internal static class ScaleNote
{
    // Below this share of the weights' own unit, nothing was worth a code; above these mean squares, training began to diverge.
    private const double Weakest = 0.1, Strongest = 6, StrongestForMap = 400, StrongestGiven = 50;

    private const double LeastOfAutoencoder = 0.05, MostOfAutoencoder = 20;

    /// <summary>Returns the line, in a list that is empty where the units fit.</summary>
    /// <param name="source">What the samples are called.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="dimension">D.</param>
    /// <param name="meanSquare">The mean squared value of the preprocessed samples' entries.</param>
    /// <param name="atoms">The mean squared norm of the atoms where they are given; null where they are learned.</param>
    /// <param name="nameOf">What the reader calls a key of the experiment.</param>
    public static IReadOnlyList<string> Of(string source, Experiment experiment, int dimension, double meanSquare, double? atoms, Func<string, string> nameOf)
    {
        if (experiment.Generator.Kind != GeneratorKind.Linear) return [];
        bool isMap = MethodTable.Find(experiment.Method)!.IsMapInference;
        var (key, weight, usual) = isMap ? ("objective.lambda", experiment.Objective.Lambda, DerivedSettings.UsualLambda(dimension))
            : ("objective.klWeight", experiment.Objective.KlWeight, DerivedSettings.UsualKlWeight(dimension));
        double strength = meanSquare * (atoms ?? 1);
        string samples = Invariant($"{source}: the samples' mean squared value is {meanSquare:G3}") + (atoms is { } norm ? Invariant($" and the atoms' mean squared norm {norm:G3}") : "");
        string standardise = experiment.Data.Normalisation != Normalisation.None ? "" : $"normalise the samples ({nameOf("data.normalisation")} = column), ";
        if (strength == 0) return [$"{samples}: there is nothing to learn; give samples and atoms that are not all zero"];
        if (MethodTable.Find(experiment.Method)!.Gate is not null) return OfAutoencoder(samples, meanSquare, standardise);
        if (strength < Weakest * weight / usual)
            return [Invariant($"{samples}, so little beside {nameOf(key)} = {weight:G3} that codes may stay empty; {standardise}multiply the samples by about {Math.Sqrt(weight / usual / strength):G2}, or set {nameOf(key)} to about {usual * strength:G2}")];
        // MAP inference has no other steps than the dictionary's, and diverges only where these are fixed.
        double strongest = !isMap ? atoms is null ? Strongest : StrongestGiven
            : atoms is null && experiment.Schedule.StepSizes == StepSizes.Fixed ? StrongestForMap : double.PositiveInfinity;
        if (strength <= strongest) return [];
        string steps = atoms is null ? $"{nameOf("schedule.learningRate")} and {nameOf("schedule.dictionaryStep")}" : nameOf("schedule.learningRate");
        return [Invariant($"{samples}, where step sizes are made for values near 1, so that training may diverge; {standardise}divide the samples by about {Math.Sqrt(strength):G2}, or lower {steps}")];
    }

    /// <summary>Adam's steps have the size of the learning rate whatever the samples' unit, and so must suit it.</summary>
    private static IReadOnlyList<string> OfAutoencoder(string samples, double meanSquare, string standardise) => meanSquare is >= LeastOfAutoencoder and <= MostOfAutoencoder ? []
        : [Invariant($"{samples}, where an autoencoder's steps are made for values near 1, so that it may learn little; {standardise}{(meanSquare > 1 ? "divide" : "multiply")} the samples by about {Math.Sqrt(Math.Max(meanSquare, 1 / meanSquare)):G2}")];
}
