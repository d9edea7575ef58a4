using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Evaluation;

/// <summary>The atoms nearest to each atom of a dictionary, and those most opposed to it, by cosine. Memory grows with the number of atoms, not with its square.</summary>
internal static class AtomNeighbours
{
    private const int BlockAtoms = 128;

    /// <summary>Finds them.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    /// <param name="count">How many of each, n, less than d.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>Features and cosines, [d, 2, n]: the nearest first, then the most opposed.</returns>
    public static (int[] Features, float[] Cosines) Find(float[] dictionary, int atoms, int count, int threads)
    {
        var units = Units(dictionary, atoms);
        int[] features = new int[atoms * 2 * count];
        float[] cosines = new float[features.Length];
        ParallelRanges.Run((atoms + BlockAtoms - 1) / BlockAtoms, threads, (firstBlock, endBlock) =>
        {
            var products = new FloatMatrix(BlockAtoms, atoms, padded: true);
            for (int block = firstBlock; block < endBlock; block++)
            {
                int first = block * BlockAtoms, rows = Math.Min(BlockAtoms, atoms - first);
                MatrixProduct.Multiply(units.Operand.From(first), units.Operand.Transposed, products.Operand, rows, atoms, units.Columns);
                for (int row = 0; row < rows; row++)
                {
                    int place = (first + row) * 2 * count;
                    Greatest(products[row], first + row, 1, features.AsSpan(place, count), cosines.AsSpan(place, count));
                    Greatest(products[row], first + row, -1, features.AsSpan(place + count, count), cosines.AsSpan(place + count, count));
                }
            }
            GC.KeepAlive(products);
        });
        GC.KeepAlive(units);
        return (features, cosines);
    }

    // The cosines that are greatest after multiplication by the sign, of all atoms but one, the first of equal ones.
    private static void Greatest(ReadOnlySpan<float> products, int own, float sign, Span<int> features, Span<float> cosines)
    {
        int present = 0;
        for (int other = 0; other < products.Length; other++)
        {
            float cosine = Math.Clamp(products[other], -1, 1);
            if (other == own || present == features.Length && sign * cosine <= sign * cosines[^1]) continue;
            int place = present < features.Length ? present++ : present - 1;
            for (; place > 0 && sign * cosine > sign * cosines[place - 1]; place--) (features[place], cosines[place]) = (features[place - 1], cosines[place - 1]);
            (features[place], cosines[place]) = (other, cosine);
        }
    }

    private static FloatMatrix Units(float[] dictionary, int atoms)
    {
        int dimension = dictionary.Length / atoms;
        var units = new FloatMatrix(atoms, dimension);
        for (int atom = 0; atom < atoms; atom++)
        {
            var unit = units[atom];
            double square = 0;
            for (int i = 0; i < dimension; i++)
            {
                unit[i] = dictionary[i * atoms + atom];
                square += (double)unit[i] * unit[i];
            }
            for (int i = 0; square > 0 && i < dimension; i++) unit[i] = (float)(unit[i] / Math.Sqrt(square));
        }
        return units;
    }
}
