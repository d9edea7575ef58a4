using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class DictionaryRecoveryTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 3, 2)]
    [InlineData(4, 6, 3)]
    [InlineData(6, 6, 4)]
    public void Assignment_is_as_cheap_as_the_best_of_all(int rows, int columns, ulong seed)
    {
        for (ulong repeat = 0; repeat < 20; repeat++)
        {
            // Few distinct costs make ties.
            double[] costs = Array.ConvertAll(Uniforms(rows * columns, 100 * seed + repeat), u => repeat < 10 ? u - 0.5 : Math.Floor(4 * u));
            int[] columnOf = Assignment.Minimise(costs, rows, columns);
            Assert.Equal(rows, columnOf.Distinct().Count());
            Assert.Equal(Best(0, []), columnOf.Select((column, row) => costs[row * columns + column]).Sum(), 1e-12);

            double Best(int row, int[] taken) => row == rows
                ? 0
                : Enumerable.Range(0, columns).Except(taken).Min(column => costs[row * columns + column] + Best(row + 1, [.. taken, column]));
        }
    }

    [Fact]
    public void Assignment_of_a_large_permutation_is_found()
    {
        const int size = 256;
        int[] permutation = [.. Enumerable.Range(0, size)];
        Samples.Random(1).Shuffle(permutation);
        double[] costs = Uniforms(size * size, 2);
        for (int row = 0; row < size; row++) costs[row * size + permutation[row]] = -1;
        Assert.Equal(permutation, Assignment.Minimise(costs, size, size));
        Assert.Throws<ArgumentException>(() => Assignment.Minimise([1, 2], 2, 1));
    }

    [Fact]
    public void A_permuted_and_flipped_dictionary_is_recovered_with_its_codes()
    {
        const int dimension = 20, atoms = 8, count = 50;
        double[] truth = Normals(dimension * atoms, 3), trueCodes = SoftThreshold(Normals(count * atoms, 4), 1);
        int[] order = [.. Enumerable.Range(0, atoms)];
        Samples.Random(5).Shuffle(order);
        double[] scales = Array.ConvertAll(order, i => i % 2 == 0 ? -3.0 : 0.5);
        double[] learned = Permute(truth, i => scales[i]), codes = Permute(trueCodes, i => 1 / scales[i]);
        var match = DictionaryRecovery.Match<double>(learned, atoms, truth, atoms);
        Assert.All(Enumerable.Range(0, atoms), i => Assert.Equal(i, match.LearnedAtoms[order[i]]));
        AssertClose([.. Enumerable.Range(0, atoms).Select(atom => atom % 2 == 0 ? -1.0 : 1)], match.Cosines, 1e-12);
        Assert.Equal((1.0, 1.0), (match.FractionRecovered(), Math.Round(match.MeanAbsoluteCosine, 12)));
        var support = DictionaryRecovery.Support<double>(match, codes, atoms, trueCodes);
        Assert.Equal((1, 1, 1), (support.Precision, support.Recall, support.F1));
        Assert.Equal(trueCodes.Count(code => code != 0), support.TruePositives);

        double[] Permute(double[] matrix, Func<int, double> scale) =>
            [.. Enumerable.Range(0, matrix.Length).Select(i => scale(i % atoms) * matrix[i - i % atoms + order[i % atoms]])];
    }

    [Fact]
    public void More_or_fewer_learned_than_true_atoms_are_counted_as_errors()
    {
        // True atoms e1, e2; learned: one beside e1, e2 flipped, e3.
        double[] truth = [1, 0, 0, 1, 0, 0], learned = [0.6, 0, 0, 0, -1, 0, 0.8, 0, 1];
        var match = DictionaryRecovery.Match<double>(learned, 3, truth, 2);
        Assert.Equal([0, 1], match.LearnedAtoms);
        AssertClose([0.6, -1], match.Cosines, 1e-15);
        Assert.Equal((0.5, 0.8), (match.FractionRecovered(), Math.Round(match.MeanAbsoluteCosine, 12)));
        // Hits: (sample 0, atom 0), whatever its sign, and (1, 1); misses: (0, 1); too many: third learned atom of sample 1.
        var support = DictionaryRecovery.Support<double>(match, [-2, 0, 0, 0, 1, 5], 3, [1, 1, 0, -1]);
        Assert.Equal(new SupportRecovery(2, 1, 1), support);
        Assert.Equal((2 / 3.0, 2 / 3.0, 2 / 3.0), (support.Precision, support.Recall, support.F1));

        var fewer = DictionaryRecovery.Match<double>(truth, 2, learned, 3);
        Assert.Equal([0, 1, -1], fewer.LearnedAtoms);
        AssertClose([0.6, -1, 0], fewer.Cosines, 1e-15);
        Assert.Equal(new SupportRecovery(1, 0, 1), DictionaryRecovery.Support<double>(fewer, [1, 0], 2, [3, 0, 2]));
    }

    [Fact]
    public void Empty_codes_agree()
    {
        var support = DictionaryRecovery.Support<float>(new DictionaryMatch([0], [1]), [0, 0], 1, [0, 0]);
        Assert.Equal((1, 1, 1), (support.Precision, support.Recall, support.F1));
    }
}
