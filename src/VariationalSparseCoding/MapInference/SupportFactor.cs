using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// The support S of a code and the factors of its atoms, A_S = Q R with orthonormal Q. It sees atoms apart that <see cref="SupportInverse"/> must take for
/// dependent, because the Gram matrix squares what distinguishes them; but an atom that leaves costs O(D |S|^2) instead of O(|S|^2).
/// </summary>
/// <param name="dictionary">A, [D, d].</param>
internal sealed class SupportFactor(PackedMatrix dictionary) : ISupport
{
    // Of the atom's norm: what is left of a nearer one is rounding. Twice, because the first projection leaves the second's error.
    private const double SingularFraction = 1e-13;
    private const int Projections = 2;
    private readonly List<int> atoms = [];
    // Column after column: those of Q, [|S|, D], and those of R above its diagonal and on it.
    private readonly List<double[]> directions = [], factors = [];
    private double[] refused = [];

    public int Count => atoms.Count;

    public ReadOnlySpan<int> Atoms => CollectionsMarshal.AsSpan(atoms);

    public ReadOnlySpan<double> Refused => refused;

    public void Clear()
    {
        atoms.Clear();
        directions.Clear();
        factors.Clear();
    }

    public bool TryAdd(int atom, PaddedGram gram) => TryAdd(atom, SingularFraction);

    public void RemoveAt(int position)
    {
        int[] later = [.. atoms.Skip(position + 1)];
        if (later.Length > 0) later = [later[^1], .. later[..^1]];
        foreach (var list in (ReadOnlySpan<List<double[]>>)[directions, factors]) list.RemoveRange(position, list.Count - position);
        atoms.RemoveRange(position, atoms.Count - position);
        // They were independent, and stay so in whichever order.
        foreach (int atom in later) TryAdd(atom, least: 0);
    }

    public void Multiply(ReadOnlySpan<double> vector, Span<double> product)
    {
        product.Clear();
        var solution = product[..Count];
        vector[..Count].CopyTo(solution);
        for (int k = 0; k < Count; k++)
        {
            for (int j = 0; j < k; j++) solution[k] -= factors[k][j] * solution[j];
            solution[k] /= factors[k][k];
        }
        SolveUpper(solution);
    }

    private bool TryAdd(int atom, double least)
    {
        double[] direction = new double[dictionary.Rows], factor = new double[Count + 1];
        dictionary.CopyColumns(atom, 1, direction);
        double norm = Math.Sqrt(LassoKernels.SquaredNorm(direction));
        for (int pass = 0; pass < Projections; pass++)
        {
            for (int k = 0; k < Count; k++)
            {
                double part = 0;
                for (int i = 0; i < direction.Length; i++) part += directions[k][i] * direction[i];
                for (int i = 0; i < direction.Length; i++) direction[i] -= part * directions[k][i];
                factor[k] += part;
            }
        }
        double distance = Math.Sqrt(LassoKernels.SquaredNorm(direction));
        if (!(distance > least * norm))
        {
            refused = factor[..Count];
            SolveUpper(refused);
            return false;
        }
        for (int i = 0; i < direction.Length; i++) direction[i] /= distance;
        factor[Count] = distance;
        atoms.Add(atom);
        directions.Add(direction);
        factors.Add(factor);
        return true;
    }

    /// <summary>Solves R u = v in place.</summary>
    private void SolveUpper(Span<double> values)
    {
        for (int k = Count - 1; k >= 0; k--)
        {
            values[k] /= factors[k][k];
            for (int j = 0; j < k; j++) values[j] -= factors[k][j] * values[k];
        }
    }
}
