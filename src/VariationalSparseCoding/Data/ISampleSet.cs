namespace VariationalSparseCoding.Data;

/// <summary>A finite set of samples, each a vector of <see cref="Dimension"/> preprocessed values. Reading is safe from several threads.</summary>
internal interface ISampleSet : IDisposable
{
    /// <summary>How many samples there are.</summary>
    int Count { get; }

    /// <summary>Values per sample, D.</summary>
    int Dimension { get; }

    /// <summary>Whether samples are read from files when they are asked for, so that it is worth reading the next while the present are worked on.</summary>
    bool ReadsFiles => false;

    /// <summary>The order in which epochs take the samples.</summary>
    /// <param name="seed">The run's seed.</param>
    EpochOrder Order(ulong seed) => new ShuffledOrder(Count, seed);

    /// <summary>Gathers samples.</summary>
    /// <param name="rows">Indices of the wanted samples, each in [0, <see cref="Count"/>), [B].</param>
    /// <param name="destination">Receives the samples row after row, [B, D].</param>
    void CopyRows(ReadOnlySpan<int> rows, Span<float> destination);
}
