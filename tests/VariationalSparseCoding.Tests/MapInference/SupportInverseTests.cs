using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.MapInference;

public class SupportInverseTests
{
    [Fact]
    public void Stays_the_inverse_while_atoms_enter_and_leave()
    {
        // More atoms than the first capacity, so that it grows on the way.
        var dictionary = LassoData.Random(1, 120, 70, 21).Dictionary;
        var gram = dictionary.Transposed * dictionary;
        var padded = dictionary.Problem().Gram;
        var support = new SupportInverse();
        var members = new List<int>();
        var random = new CounterRandom(new NoiseKey(22, NoisePurpose.Data, 0));
        for (int change = 0; change < 400; change++)
        {
            int atom = (int)random.NextInt64(70);
            int position = members.IndexOf(atom);
            if (position >= 0 && random.NextDouble() < 0.6)
            {
                support.RemoveAt(position);
                members[position] = members[^1];
                members.RemoveAt(members.Count - 1);
            }
            else if (position < 0)
            {
                Assert.True(support.TryAdd(atom, padded));
                members.Add(atom);
            }
            Assert.Equal(members, support.Atoms.ToArray());
            if (change % 10 == 0) AssertInverse(gram, members, support);
        }
        Assert.True(members.Count > 32);
        support.Clear();
        Assert.True(support.TryAdd(3, padded));
        AssertInverse(gram, [3], support);
    }

    [Fact]
    public void Refuses_atoms_in_the_span_of_the_support()
    {
        var dictionary = LassoData.Random(1, 10, 4, 23).Dictionary;
        dictionary.SetColumn(2, row => dictionary[row, 0] - 3 * dictionary[row, 1]);
        dictionary.SetColumn(3, _ => 0);
        var padded = dictionary.Problem().Gram;
        var support = new SupportInverse();
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(atom => support.TryAdd(atom, padded)));
        Assert.Equal([0, 1], support.Atoms.ToArray());
    }

    private static void AssertInverse(Matrix gram, List<int> members, SupportInverse support)
    {
        int width = LassoKernels.PaddedLength(members.Count);
        for (int column = 0; column < members.Count; column++)
        {
            // G applied to the product gives the vector back.
            double[] unit = new double[width], product = new double[width];
            unit[column] = 1;
            support.Multiply(unit, product);
            for (int row = 0; row < members.Count; row++)
                Assert.Equal(unit[row], members.Select((member, k) => gram[members[row], member] * product[k]).Sum(), 1e-9);
            Assert.All(product[members.Count..], value => Assert.Equal(0, value));
        }
    }
}
