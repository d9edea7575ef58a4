using System.Runtime.Intrinsics;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Tests.Posteriors;

public class BaseDistributionTests
{
    private static readonly float[] Shifts = [0, 0.3f, -1.2f, 0.01f, -4], LogScales = [-2.3025851f, 0.4f, -2.5f, 0, -5];

    [Fact]
    public void Gaussian() => AssertDerivatives<GaussianBase>((mu, h) => 0.5 * ((mu * mu + Math.Exp(h)) / 0.1 - 1 - h + Math.Log(0.1)));

    [Fact]
    public void Laplacian() => AssertDerivatives<LaplacianBase>(
        (mu, h) => Math.Abs(mu) / 0.1 + Math.Exp(h) / 0.1 * Math.Exp(-Math.Abs(mu) / Math.Exp(h)) + Math.Log(0.1) - h - 1);

    [Fact]
    public void Cauchy() => AssertDerivatives<CauchyBase>((mu, h) => Math.Log(((Math.Exp(h) + 0.1) * (Math.Exp(h) + 0.1) + mu * mu) / (0.4 * Math.Exp(h))));

    [Fact]
    public void Nothing_is_lost_at_the_prior()
    {
        var (laplace, _, _) = LaplacianBase.At(Vector512<float>.Zero, Vector512.Create(MathF.Log(0.1f)), 0.1f);
        var (gaussian, _, _) = GaussianBase.At(Vector512<float>.Zero, Vector512.Create(MathF.Log(0.1f)), 0.1f);
        Assert.Equal(0, laplace[0], 1e-6);
        Assert.Equal(0, gaussian[0], 1e-6);
    }

    private static void AssertDerivatives<TDivergence>(Func<double, double, double> divergence) where TDivergence : IDivergence
    {
        const double step = 1e-5;
        for (int i = 0; i < Shifts.Length; i++)
        {
            double mu = Shifts[i], h = LogScales[i];
            var (value, byShift, byScale) = TDivergence.At(Vector512.Create(Shifts[i]), Vector512.Create(LogScales[i]), 0.1f);
            AssertClose(divergence(mu, h), value[0]);
            AssertClose((divergence(mu + step, h) - divergence(mu - step, h)) / (2 * step), byShift[0]);
            AssertClose((divergence(mu, h + step) - divergence(mu, h - step)) / (2 * step), byScale[0]);
        }
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));
}
