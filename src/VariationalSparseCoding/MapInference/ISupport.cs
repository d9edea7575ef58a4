namespace VariationalSparseCoding.MapInference;

/// <summary>The support S of a code, with what solves for A_S^T A_S.</summary>
internal interface ISupport
{
    /// <summary>|S|.</summary>
    int Count { get; }

    /// <summary>S, in no particular order, [|S|].</summary>
    ReadOnlySpan<int> Atoms { get; }

    /// <summary>u with A_S u the projection onto the span of the support of the atom that <see cref="TryAdd"/> refused last, [|S|].</summary>
    ReadOnlySpan<double> Refused { get; }

    /// <summary>Lets all atoms leave.</summary>
    void Clear();

    /// <summary>Lets an atom enter, as the last of the support.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="gram">A^T A.</param>
    /// <returns>Whether it did: an atom (almost) in the span of the support does not.</returns>
    bool TryAdd(int atom, PaddedGram gram);

    /// <summary>Lets the atom at a position of the support leave; the last one takes its position.</summary>
    /// <param name="position">The position.</param>
    void RemoveAt(int position);

    /// <summary>product = (A_S^T A_S)^-1 vector.</summary>
    /// <param name="vector">Of a padded length of at least |S|, zero beyond |S|.</param>
    /// <param name="product">Receives the product; of the same length.</param>
    void Multiply(ReadOnlySpan<double> vector, Span<double> product);
}
