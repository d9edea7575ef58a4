using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class ProximalKernelsTests
{
    private const int Rows = 3;

    [Theory]
    [InlineData(0f)]
    [InlineData(0.7f)]
    public void A_step_is_the_shrunk_gradient_step_at_the_extrapolated_code(float momentum)
    {
        const int Count = Rows * 21;
        const float Step = 0.3f, Threshold = 0.4f;
        float[] z = RandomNumbers.Normal(0, Count), c = RandomNumbers.Normal(1, Count), lastZ = RandomNumbers.Normal(2, Count), lastC = RandomNumbers.Normal(3, Count), next = new float[Count];
        ProximalKernels.Step(z, c, lastZ, lastC, momentum, Step, Threshold, next);
        for (int i = 0; i < Count; i++)
        {
            double moved = z[i] + momentum * (z[i] - lastZ[i]) + Step * (c[i] + momentum * ((double)c[i] - lastC[i]));
            Assert.Equal(Math.Sign(moved) * Math.Max(0, Math.Abs(moved) - Threshold), next[i], 1e-5);
        }
        Assert.Contains(0f, next);
        Assert.DoesNotContain(next, value => value == 0 && float.IsNegative(value));
    }

    [Fact]
    public void A_step_does_not_hide_what_is_not_a_number()
    {
        float[] next = new float[1];
        ProximalKernels.Step([float.NaN], [0], [0], [0], 0, 1, 1, next);
        Assert.Equal(float.NaN, next[0]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(45)]
    [InlineData(128)]
    [InlineData(300)]
    public void Correlations_are_those_of_the_residual(int atoms)
    {
        float[] gram = RandomNumbers.Normal(0, atoms * atoms), projections = RandomNumbers.Normal(1, Rows * atoms), correlations = new float[Rows * atoms];
        // Sparse, with a code of zeros and one without.
        float[] codes = [.. RandomNumbers.Normal(2, Rows * atoms).Select((value, i) => i / atoms == 2 || (i / atoms == 1 && i % 3 == 0) ? value : 0)];
        ProximalKernels.Correlate(projections, gram, codes, correlations, atoms);
        for (int i = 0; i < correlations.Length; i++)
        {
            double expected = projections[i];
            for (int k = 0; k < atoms; k++) expected -= (double)codes[i / atoms * atoms + k] * gram[k * atoms + i % atoms];
            Assert.Equal(expected, correlations[i], 1e-4);
        }
    }

    [Fact]
    public void The_relative_change_is_that_of_the_frobenius_norm()
    {
        float[] before = RandomNumbers.Normal(0, 45), after = RandomNumbers.Normal(1, 45);
        double change = before.Zip(after, (old, now) => ((double)now - old) * ((double)now - old)).Sum(), size = before.Sum(old => (double)old * old);
        Assert.Equal(Math.Sqrt(change / size), ProximalKernels.RelativeChange(before, after), 1e-6);
    }
}
