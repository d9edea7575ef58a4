using VariationalSparseCoding.Reproduction.Metrics;

namespace VariationalSparseCoding.Reproduction.Tests.Metrics;

public class PairedPermutationTests
{
    [Fact]
    public void Differences_of_one_sign_have_the_least_p_value()
    {
        Assert.Equal(2.0 / 32, PairedPermutation.PValue([1, 2, 0.5, 3, 0.1]));
        Assert.Equal(2.0 / 8192, PairedPermutation.PValue([.. Enumerable.Range(1, 13).Select(i => -0.01 * i)]));
    }

    [Fact]
    public void Equal_methods_do_not_differ()
    {
        Assert.Equal(1, PairedPermutation.PValue([0, 0, 0]));
        Assert.Equal(1, PairedPermutation.PValue([1, -1]));
    }

    [Fact]
    public void All_signs_are_tried()
    {
        double[] differences = [0.3, -0.1, 0.25, 0.4, -0.05, 0.2, 0.1];
        double sum = Math.Abs(differences.Sum());
        int extreme = Enumerable.Range(0, 128).Count(choice => Math.Abs(differences.Select((difference, i) => (choice >> i & 1) == 1 ? difference : -difference).Sum()) >= sum - 1e-9);
        Assert.Equal(extreme / 128.0, PairedPermutation.PValue(differences));
    }

    [Fact]
    public void No_pair_and_too_many_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedPermutation.PValue([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedPermutation.PValue(new double[21]));
    }
}
