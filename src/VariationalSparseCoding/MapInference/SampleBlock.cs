using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>Some neighbouring samples in float64 with their products with the dictionary, their codes and what becomes known of them; one serves a thread.</summary>
internal sealed class SampleBlock
{
    /// <summary>The most samples of a block. Their products with the dictionary are still in the cache when they are solved.</summary>
    public const int Size = 4 * PackedMatrix.RowBlock;

    private readonly PackedMatrix dictionary;
    private readonly AlignedVector samples, projections, codes;
    private readonly double[] squaredNorms;
    private readonly SampleOutcome[] outcomes;

    /// <summary>Creates the memory.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="capacity">The most samples it will hold, from 1 to <see cref="Size"/>.</param>
    public SampleBlock(PackedMatrix dictionary, int capacity)
    {
        this.dictionary = dictionary;
        int rows = WholeRows(capacity);
        (samples, projections, codes) = (new(rows * dictionary.Rows), new(rows * dictionary.ProductStride), new(rows * dictionary.ProductStride));
        (squaredNorms, outcomes) = (new double[capacity], new SampleOutcome[capacity]);
    }

    /// <summary>Number of samples, B'.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the codes that were loaded are a start given by the caller, and not zeros.</summary>
    public bool HasStart { get; private set; }

    /// <summary>What is known of each sample, [B'].</summary>
    public ReadOnlySpan<SampleOutcome> Outcomes => outcomes.AsSpan(0, Count);

    /// <summary>Takes up samples.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Samples, [B', D].</param>
    /// <param name="initialCodes">Codes to start from, [B', d]; empty for zeros.</param>
    /// <returns>Whether all can be solved; the outcome of one whose squares are not finite says so.</returns>
    public bool Load<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> initialCodes) where T : unmanaged
    {
        (Count, HasStart) = (x.Length / dictionary.Rows, !initialCodes.IsEmpty);
        var values = samples.Span[..(WholeRows(Count) * dictionary.Rows)];
        Precision.ToDouble(x, values);
        values[x.Length..].Clear();
        dictionary.MultiplyFromLeft(values, projections.Span);
        bool usable = true;
        for (int sample = 0; sample < Count; sample++)
        {
            squaredNorms[sample] = LassoKernels.SquaredNorm(values.Slice(sample * dictionary.Rows, dictionary.Rows));
            outcomes[sample] = double.IsFinite(squaredNorms[sample]) ? default : SampleOutcome.Unusable;
            usable &= double.IsFinite(squaredNorms[sample]);
            if (HasStart) Precision.ToDouble(initialCodes.Slice(sample * dictionary.Columns, dictionary.Columns), Codes(sample).Span);
            else Codes(sample).Span.Clear();
        }
        return usable;
    }

    /// <summary>x of a sample, [D].</summary>
    /// <param name="sample">Its place in the block.</param>
    public AlignedVector Values(int sample) => samples.Slice(sample * dictionary.Rows, dictionary.Rows);

    /// <summary>A^T x of a sample, [padded d].</summary>
    /// <param name="sample">Its place in the block.</param>
    public AlignedVector Projections(int sample) => projections.Slice(sample * dictionary.ProductStride, dictionary.ProductStride);

    /// <summary>z of a sample, [padded d]: its start, then its solution.</summary>
    /// <param name="sample">Its place in the block.</param>
    public AlignedVector Codes(int sample) => codes.Slice(sample * dictionary.ProductStride, dictionary.ProductStride);

    /// <summary>||x||^2 of a sample.</summary>
    /// <param name="sample">Its place in the block.</param>
    public double SquaredNorm(int sample) => squaredNorms[sample];

    /// <summary>Records that a sample's codes are final.</summary>
    /// <param name="sample">Its place in the block.</param>
    /// <param name="solved">The sample at work, as it was left.</param>
    /// <param name="reason">Why its iterations ended.</param>
    public void Finish(int sample, LassoSample solved, MapStopReason reason)
    {
        var (objective, gap) = (solved.Objective, solved.Gap);
        if (solved.Certifies) solved.Round();
        outcomes[sample] = new(objective, gap, solved.Gap, solved.Iterations, reason, squaredNorms[sample] / 2);
    }

    /// <summary>Copies the codes of all samples.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="destination">Receives them, [B', d].</param>
    public void CopyCodes<T>(Span<T> destination) where T : unmanaged
    {
        int atoms = dictionary.Columns;
        for (int sample = 0; sample < Count; sample++) Precision.FromDouble(Codes(sample).Span[..atoms], destination.Slice(sample * atoms, atoms));
    }

    private static int WholeRows(int count) => (count + PackedMatrix.RowBlock - 1) / PackedMatrix.RowBlock * PackedMatrix.RowBlock;
}
