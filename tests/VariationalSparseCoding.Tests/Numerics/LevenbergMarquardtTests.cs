using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.Metrics;

namespace VariationalSparseCoding.Tests.Numerics;

public class LevenbergMarquardtTests
{
    [Fact]
    public void Finds_the_minimum_of_rosenbrocks_valley()
    {
        double[] parameters = [-1.2, 1];
        double value = LevenbergMarquardt.Minimise(
            (p, residuals, jacobian) =>
            {
                (residuals[0], residuals[1]) = (10 * (p[1] - p[0] * p[0]), 1 - p[0]);
                ((ReadOnlySpan<double>)[-20 * p[0], 10, -1, 0]).CopyTo(jacobian);
            },
            _ => { }, parameters, 2, 200);
        Assert.Equal(0, value, 1e-15);
        Samples.AssertClose([1, 1], parameters, 1e-7);
    }

    [Fact]
    public void Parameters_without_influence_stay_and_bounds_hold()
    {
        // Least squares of a line y = 2 t with a slope bounded by 1.5; the second parameter does nothing.
        double[] parameters = [0, 7];
        double value = LevenbergMarquardt.Minimise(
            (p, residuals, jacobian) =>
            {
                jacobian.Clear();
                for (int t = 0; t < 3; t++) (residuals[t], jacobian[2 * t]) = ((p[0] - 2) * t, t);
            },
            p => p[0] = Math.Min(p[0], 1.5), parameters, 3, 50);
        Samples.AssertClose([1.5, 7], parameters, 1e-12);
        Assert.Equal(0.25 * 5, value, 1e-12);
    }
}
