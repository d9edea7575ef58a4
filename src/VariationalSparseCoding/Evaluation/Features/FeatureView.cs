namespace VariationalSparseCoding.Evaluation;

/// <summary>A value of a feature.</summary>
/// <param name="Row">The row that has it.</param>
/// <param name="Value">The value, not 0.</param>
internal readonly record struct FeatureValue(int Row, float Value);

/// <summary>How many rows have a value of a size.</summary>
/// <param name="From">The least value of the bin.</param>
/// <param name="To">The end of the bin.</param>
/// <param name="Count">The rows.</param>
internal readonly record struct ValueBin(double From, double To, int Count);

/// <summary>A feature beside another.</summary>
/// <param name="Feature">The other feature.</param>
/// <param name="Cosine">The cosine of the two atoms.</param>
internal readonly record struct AtomNeighbour(int Feature, double Cosine);

/// <summary>A feature that is active together with another.</summary>
/// <param name="Feature">The other feature.</param>
/// <param name="Share">The share of the feature's rows in which the other is active too.</param>
/// <param name="Lift">That share over the other's share of all rows: 1 where the two know nothing of each other.</param>
internal readonly record struct CoActiveFeature(int Feature, double Share, double Lift);

/// <summary>A label that a feature goes with.</summary>
/// <param name="Name">The label.</param>
/// <param name="Count">Rows that have the label and the feature.</param>
/// <param name="Share">The share of the feature's rows that have the label.</param>
/// <param name="Lift">That share over the label's share of all rows: 1 where the two know nothing of each other.</param>
internal readonly record struct FeatureLabel(string Name, int Count, double Share, double Lift);

/// <summary>What is known of a feature.</summary>
/// <param name="Feature">Its number.</param>
/// <param name="Count">Rows in which it is active: its code is not 0.</param>
/// <param name="Rate">Their share of all rows.</param>
internal sealed record FeatureView(int Feature, int Count, double Rate)
{
    /// <summary>The mean magnitude where it is active; 0 if it never is.</summary>
    public required double MeanMagnitude { get; init; }

    /// <summary>The share of its values that are negative.</summary>
    public required double Negative { get; init; }

    /// <summary>The values in bins of one width, from the least to the greatest.</summary>
    public required IReadOnlyList<ValueBin> Histogram { get; init; }

    /// <summary>The rows in which its magnitude is greatest, greatest first, the first rows of equal ones.</summary>
    public required IReadOnlyList<FeatureValue> Top { get; init; }

    /// <summary>Rows drawn at random from each size of its magnitude, least first.</summary>
    public required IReadOnlyList<FeatureValue> Range { get; init; }

    /// <summary>The atoms nearest to its own, nearest first; none where there is no dictionary.</summary>
    public required IReadOnlyList<AtomNeighbour> Nearest { get; init; }

    /// <summary>The atoms most opposed to its own, most opposed first.</summary>
    public required IReadOnlyList<AtomNeighbour> Opposed { get; init; }

    /// <summary>The features that are active with it, by the share of both among the rows of either.</summary>
    public required IReadOnlyList<CoActiveFeature> Together { get; init; }

    /// <summary>Its labels, those that say most of it first: by share x log lift. None where rows have no labels.</summary>
    public required IReadOnlyList<FeatureLabel> Labels { get; init; }
}
