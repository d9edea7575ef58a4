using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// The support S of a code and the inverse of the Gram matrix restricted to it, (A_S^T A_S)^-1, kept up to date by bordering
/// when an atom enters and by its reverse when one leaves: O(|S|^2) each. The caller corrects what rounding does to the inverse:
/// a Newton step from fresh correlations is accurate to first order even with an inexact inverse.
/// </summary>
internal sealed class SupportInverse : ISupport
{
    // Of the atom's squared norm: an atom closer to the span of the support would make the inverse worthless.
    private const double SingularFraction = 1e-9;
    private const int FirstCapacity = 32;
    private int capacity;
    private AlignedVector inverse, coupling, column;
    private int[] atoms = [];

    public SupportInverse() => Allocate(FirstCapacity);

    public int Count { get; private set; }

    public ReadOnlySpan<int> Atoms => atoms.AsSpan(0, Count);

    public ReadOnlySpan<double> Refused => column.Span[..Count];

    // A row more than the capacity keeps rows off each other's cache sets.
    private int Stride => capacity + FirstCapacity / 4;

    private int Width => LassoKernels.PaddedLength(Count);

    public void Clear()
    {
        for (int row = 0; row < Count; row++) Row(row, Width).Clear();
        Count = 0;
    }

    public bool TryAdd(int atom, PaddedGram gram)
    {
        if (Count == capacity) Grow();
        int width = LassoKernels.PaddedLength(Count + 1);
        var g = coupling.Span[..width];
        var u = column.Span[..width];
        var gramRow = gram.Row(atom);
        g.Clear();
        for (int k = 0; k < Count; k++) g[k] = gramRow[atoms[k]];
        Multiply(g, u);
        double squaredNorm = gramRow[atom], pivot = squaredNorm - LassoKernels.Dot(g, u);
        if (!(pivot > SingularFraction * squaredNorm)) return false;

        // The inverse of the bordered matrix adds v v^T / pivot, v = (-u, 1).
        u[Count] = -1;
        atoms[Count++] = atom;
        LassoKernels.AddOuterProduct(inverse.Span, Stride, Count, u, 1 / pivot);
        return true;
    }

    public void RemoveAt(int position)
    {
        int last = Count - 1, width = Width;
        if (position != last)
        {
            Span<double> left = Row(position, width), right = Row(last, width);
            for (int k = 0; k < width; k++) (left[k], right[k]) = (right[k], left[k]);
            for (int row = 0; row < Count; row++)
            {
                var values = Row(row, width);
                (values[position], values[last]) = (values[last], values[position]);
            }
            atoms[position] = atoms[last];
        }
        var leaving = column.Span[..width];
        Row(last, width).CopyTo(leaving);
        LassoKernels.AddOuterProduct(inverse.Span, Stride, last, leaving, -1 / leaving[last]);
        for (int row = 0; row < last; row++) Row(row, width)[last] = 0;
        Row(last, width).Clear();
        Count = last;
    }

    public void Multiply(ReadOnlySpan<double> vector, Span<double> product) =>
        LassoKernels.MultiplyRows(product, inverse.Span, Stride, vector[..Count]);

    private Span<double> Row(int row, int width) => inverse.Span.Slice(row * Stride, width);

    private void Grow()
    {
        var (oldInverse, oldAtoms, oldStride, width) = (inverse, atoms, Stride, Width);
        Allocate(2 * capacity);
        oldAtoms.CopyTo(atoms, 0);
        for (int row = 0; row < Count; row++) oldInverse.Span.Slice(row * oldStride, width).CopyTo(Row(row, width));
    }

    private void Allocate(int newCapacity)
    {
        capacity = newCapacity;
        atoms = new int[capacity];
        inverse = new(capacity * Stride);
        (coupling, column) = (new(capacity), new(capacity));
    }
}
