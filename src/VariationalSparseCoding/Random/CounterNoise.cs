using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Random;

/// <summary>
/// Base noise whose every number is a pure function of the key, a stream, and the number's row, sample and feature: it can be drawn again instead of stored,
/// and depends neither on how a batch is cut up, nor on threads, nor (for <see cref="float"/>) on the width of the machine's vectors.
/// </summary>
/// <remarks>
/// A stream tells the variates of one element apart (0: its base sample). Feature 64 g + 16 w + i takes output word w of <see cref="Philox"/> at counter
/// (16 g + i, purpose | stream 2^8 | sample 2^16, row, step) under the seed as key. Double precision reads the same words, with more of their bits.
/// </remarks>
internal static class CounterNoise
{
    /// <summary>Samples of a row are numbered below this.</summary>
    public const int MaximumSamples = Philox.SequenceSample;

    /// <summary>Standard Laplace noise: -sign(u) log(max(1 - 2|u|, 1e-6)), u uniform in (-1/2, 1/2); so never beyond 13.8.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="stream">Which variate of each element, in [0, 255].</param>
    /// <param name="firstRow">Number of the first row, at least 0.</param>
    /// <param name="rows">Number of rows, B.</param>
    /// <param name="samples">Number of samples of each row, J, at most <see cref="MaximumSamples"/>.</param>
    /// <param name="features">Number of features, d.</param>
    /// <param name="destination">Receives the noise, [B, J, d].</param>
    /// <param name="threads">How many threads may work, at least 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or <paramref name="destination"/> does not have B J d elements.</exception>
    public static void FillLaplace<T>(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<LaplaceVariate, T>(key, stream, firstRow, rows, samples, features, destination, threads);

    /// <summary>Standard Laplace noise of one chosen sample of each row.</summary>
    /// <inheritdoc cref="FillUniform{T}(NoiseKey, int, int, ReadOnlySpan{int}, int, Span{T}, int)"/>
    public static void FillLaplace<T>(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<LaplaceVariate, T>(key, stream, firstRow, sampleOfRow, features, destination, threads);

    /// <summary>Standard normal noise, by inversion of the distribution function.</summary>
    /// <inheritdoc cref="FillLaplace{T}(NoiseKey, int, int, int, int, int, Span{T}, int)"/>
    public static void FillNormal<T>(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<NormalVariate, T>(key, stream, firstRow, rows, samples, features, destination, threads);

    /// <summary>Standard normal noise of one chosen sample of each row.</summary>
    /// <inheritdoc cref="FillUniform{T}(NoiseKey, int, int, ReadOnlySpan{int}, int, Span{T}, int)"/>
    public static void FillNormal<T>(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<NormalVariate, T>(key, stream, firstRow, sampleOfRow, features, destination, threads);

    /// <summary>Noise uniform in (0, 1), never 0 or 1.</summary>
    /// <inheritdoc cref="FillLaplace{T}(NoiseKey, int, int, int, int, int, Span{T}, int)"/>
    public static void FillUniform<T>(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<UniformVariate, T>(key, stream, firstRow, rows, samples, features, destination, threads);

    /// <summary>Noise uniform in (0, 1) of one chosen sample of each row.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="stream">Which variate of each element, in [0, 255].</param>
    /// <param name="firstRow">Number of the first row, at least 0.</param>
    /// <param name="sampleOfRow">The chosen sample of each row, [B], each in [0, <see cref="MaximumSamples"/>).</param>
    /// <param name="features">Number of features, d.</param>
    /// <param name="destination">Receives the noise that the form for all samples gives the chosen ones, [B, d].</param>
    /// <param name="threads">How many threads may work, at least 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or <paramref name="destination"/> does not have B d elements.</exception>
    public static void FillUniform<T>(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<T> destination, int threads = 1) where T : unmanaged =>
        Fill<UniformVariate, T>(key, stream, firstRow, sampleOfRow, features, destination, threads);

    /// <summary>Noise of any distribution.</summary>
    /// <typeparam name="TVariate">The distribution.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <inheritdoc cref="FillLaplace{T}(NoiseKey, int, int, int, int, int, Span{T}, int)"/>
    internal static unsafe void Fill<TVariate, T>(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<T> destination, int threads)
        where TVariate : IVariate where T : unmanaged
    {
        Check(stream, firstRow, rows, samples, features, destination.Length);
        fixed (T* start = destination)
        {
            T* lines = start;
            ParallelRanges.Run(rows * samples, threads, (first, end) =>
            {
                for (int line = first; line < end; line++)
                    FillLine<TVariate, T>(key, stream, (uint)(firstRow + line / samples), line % samples, new Span<T>(lines + (long)line * features, features));
            });
        }
    }

    private static unsafe void Fill<TVariate, T>(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<T> destination, int threads)
        where TVariate : IVariate where T : unmanaged
    {
        Check(stream, firstRow, sampleOfRow.Length, 1, features, destination.Length);
        foreach (int sample in sampleOfRow)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sample, nameof(sampleOfRow));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, MaximumSamples, nameof(sampleOfRow));
        }
        fixed (T* start = destination)
        fixed (int* sampleStart = sampleOfRow)
        {
            T* lines = start;
            int* chosen = sampleStart;
            ParallelRanges.Run(sampleOfRow.Length, threads, (first, end) =>
            {
                for (int row = first; row < end; row++)
                    FillLine<TVariate, T>(key, stream, (uint)(firstRow + row), chosen[row], new Span<T>(lines + (long)row * features, features));
            });
        }
    }

    /// <summary>Checks an address and the length of what it fills.</summary>
    internal static void Check(int stream, int firstRow, int rows, int samples, int features, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, int.MaxValue - rows);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, MaximumSamples);
        ArgumentOutOfRangeException.ThrowIfNegative(features);
        if (length != (Int128)rows * samples * features) throw new ArgumentException($"The destination has {length} elements; {rows} x {samples} x {features} are asked for.", nameof(length));
    }

    /// <summary>The noise of one sample of one row, [d].</summary>
    internal static void FillLine<TVariate, T>(NoiseKey key, int stream, uint row, int sample, Span<T> line) where TVariate : IVariate where T : unmanaged
    {
        uint address = Philox.Address(key.Purpose, stream, sample);
        if (typeof(T) == typeof(float)) FillLine<TVariate>(key, address, row, MemoryMarshal.Cast<T, float>(line));
        else if (typeof(T) == typeof(double)) FillLine<TVariate>(key, address, row, MemoryMarshal.Cast<T, double>(line));
        else throw new NotSupportedException($"Noise is of type float or double, not {typeof(T)}.");
    }

    private static void FillLine<TVariate>(NoiseKey key, uint address, uint row, Span<float> line) where TVariate : IVariate
    {
        Span<float> partial = stackalloc float[GroupSize];
        for (int first = 0; first < line.Length; first += GroupSize)
        {
            bool whole = line.Length - first >= GroupSize;
            Span<float> group = whole ? line.Slice(first, GroupSize) : partial;
            var (words0, words1, words2, words3) = Philox.GroupWords((uint)(first / GroupSize), address, row, key.Step, key.Seed);
            // One inlined body for the four vectors: more would pass the compiler's limits on machines without 512-bit vectors.
            ReadOnlySpan<Vector512<uint>> words = [words0, words1, words2, words3];
            for (int word = 0; word < words.Length; word++) TVariate.FromWords(words[word]).CopyTo(group[(word * LaneCount)..]);
            if (!whole) partial[..(line.Length - first)].CopyTo(line[first..]);
        }
    }

    private static void FillLine<TVariate>(NoiseKey key, uint address, uint row, Span<double> line) where TVariate : IVariate
    {
        for (int first = 0; first < line.Length; first += GroupSize)
        {
            for (int lane = 0; lane < LaneCount && first + lane < line.Length; lane++)
            {
                var (word0, word1, word2, word3) = Philox.Words((uint)(first / GroupSize * LaneCount + lane), address, row, key.Step, key.Seed);
                ReadOnlySpan<uint> words = [word0, word1, word2, word3];
                for (int feature = first + lane, word = 0; feature < line.Length && word < words.Length; feature += LaneCount, word++)
                    line[feature] = TVariate.FromWord(words[word]);
            }
        }
    }

    private const int LaneCount = 16, GroupSize = 4 * LaneCount;
}
