using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Kernels;

public class SparseCodeTests
{
    [Theory]
    [InlineData(256, 256)]
    [InlineData(45, 30)]
    [InlineData(16, 77)]
    [InlineData(10, 5)]
    public void Squared_error_is_that_of_the_dense_code(int features, int inputs)
    {
        float[] x = RandomNumbers.Normal(0, inputs), atoms = RandomNumbers.Normal(1, features * inputs);
        float[] codes = [.. RandomNumbers.Normal(2, features).Select(z => MathF.Abs(z) > 1 ? z : 0)];
        Assert.Contains(codes, z => z != 0);
        var code = new SparseCode(features);
        for (int time = 0; time < 2; time++)
        {
            code.Clear();
            for (int i = 0; i < features; i += Lanes.Count)
            {
                var lanes = Lanes.Load(codes, i);
                code.Add(lanes, ~Vector512.Equals(lanes, Vector512<float>.Zero), i);
            }
        }

        double expected = 0;
        for (int i = 0; i < inputs; i++)
        {
            double residual = x[i];
            for (int feature = 0; feature < features; feature++) residual -= (double)codes[feature] * atoms[feature * inputs + i];
            expected += residual * residual;
        }
        Assert.InRange(code.SquaredError(x, atoms) / expected, 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void A_code_without_active_features_leaves_the_input() => Assert.Equal(25, new SparseCode(3).SquaredError([3, 4], new float[6]));

    [Fact]
    public void Atoms_that_do_not_fit_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SparseCode(3).SquaredError([3, 4], new float[5]));
}
