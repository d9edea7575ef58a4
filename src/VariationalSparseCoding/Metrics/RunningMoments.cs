using System.Numerics;
using System.Runtime.InteropServices;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Element-wise mean and variance of a stream of vectors by Welford's update, in double precision and without storing the vectors.</summary>
/// <param name="length">Numbers per vector, P.</param>
internal sealed class RunningMoments(int length)
{
    private const int BlockLength = 1024;
    private readonly double[] mean = new double[length], squaredDeviations = new double[length];

    /// <summary>How many vectors were added.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of each element, [P]; zeros before the first vector.</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>Adds a vector, [P].</summary>
    /// <param name="values">The vector.</param>
    /// <exception cref="ArgumentException">Another length than P.</exception>
    public void Add(ReadOnlySpan<double> values)
    {
        RowMajor.RequireLength(values, length, nameof(values));
        Count++;
        Update(values, mean, squaredDeviations);
    }

    /// <summary>Adds a vector, [P].</summary>
    /// <param name="values">The vector.</param>
    /// <exception cref="ArgumentException">Another length than P.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        RowMajor.RequireLength(values, length, nameof(values));
        Count++;
        Span<double> block = stackalloc double[BlockLength];
        for (int start = 0; start < length; start += BlockLength)
        {
            int size = Math.Min(BlockLength, length - start);
            for (int i = 0; i < size; i++) block[i] = values[start + i];
            Update(block[..size], mean.AsSpan(start, size), squaredDeviations.AsSpan(start, size));
        }
    }

    /// <summary>The sum over vectors of the squared distance from their mean, sum ||x - mean x||^2.</summary>
    public double SquaredDistance => squaredDeviations.Sum();

    /// <summary>Adds vectors.</summary>
    /// <param name="rows">Vectors one after the other, [N, P].</param>
    public void AddRows(ReadOnlySpan<float> rows)
    {
        for (; !rows.IsEmpty; rows = rows[length..]) Add(rows[..length]);
    }

    /// <summary>Population variance of each element (divisor <see cref="Count"/>), [P].</summary>
    /// <param name="destination">Receives the variances, NaN before the first vector.</param>
    public void CopyVariance(Span<double> destination)
    {
        RowMajor.RequireLength<double>(destination, length, nameof(destination));
        for (int i = 0; i < destination.Length; i++) destination[i] = squaredDeviations[i] / Count;
    }

    private void Update(ReadOnlySpan<double> values, Span<double> means, Span<double> deviations)
    {
        double inverseCount = 1.0 / Count;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        var meanVectors = MemoryMarshal.Cast<double, Vector<double>>(means);
        var deviationVectors = MemoryMarshal.Cast<double, Vector<double>>(deviations);
        for (int i = 0; i < vectors.Length; i++)
        {
            var difference = vectors[i] - meanVectors[i];
            meanVectors[i] += difference * inverseCount;
            deviationVectors[i] += difference * (vectors[i] - meanVectors[i]);
        }
        for (int i = vectors.Length * Vector<double>.Count; i < values.Length; i++)
        {
            double difference = values[i] - means[i];
            means[i] += difference * inverseCount;
            deviations[i] += difference * (values[i] - means[i]);
        }
    }
}
