using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Posteriors;

public class SpikeAndSlabKernelTests
{
    private static readonly SlabAnneal Anneal = new(0.64f, 0.6f, 0.7f);

    [Theory]
    [InlineData(45)]
    [InlineData(64)]
    public void Codes_are_those_of_the_plain_formula(int features)
    {
        float[] shift = RandomNumbers.Normal(0, features), scale = RandomNumbers.Uniform(1, features), off = RandomNumbers.Uniform(2, features);
        float[] normal = RandomNumbers.Normal(3, features), uniform = RandomNumbers.Uniform(4, features), codes = new float[features];
        uniform[0] = off[0];
        var row = new SpikeAndSlabRow { Shift = shift, Scale = scale, Off = off };
        SpikeAndSlabKernel.Codes(row, Anneal, normal, uniform, codes);
        for (int i = 0; i < features; i++) Assert.Equal(uniform[i] > off[i] ? shift[i] + normal[i] * (scale[i] + Anneal.Rest) : 0, codes[i]);
        Assert.Equal(0, codes[0]);

        var sparse = new SparseCode(features);
        SpikeAndSlabKernel.SparseCodes(row, Anneal, normal, uniform, sparse);
        LocationScaleKernelTests.AssertSame(codes, sparse);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_kl_has_its_derivatives(bool headIsLogProbability)
    {
        float[] shift = [0.3f, -1.2f, 0, 0.7f], logScale = [-1, 0.4f, -2.5f, 0], spike = [-0.5f, -3, 1.5f, -20];
        var prior = new SpikePrior(0.1f, 0.2f, headIsLogProbability);
        float[] byShift = new float[4], byScale = new float[4], bySpike = new float[4];
        var row = new SpikeAndSlabRow { Shift = shift, Scale = new float[4], Off = new float[4] };
        float value = SpikeAndSlabKernel.Pullback(
            row, new() { Shift = shift, Scale = logScale, Spike = spike }, Anneal, prior, new() { Normal = [], Uniform = [], CodeGradients = [], KlWeight = 1 },
            new() { Shift = byShift, Scale = byScale, Spike = bySpike });

        Assert.Equal(Enumerable.Range(0, 4).Sum(i => Divergence(shift[i], logScale[i], spike[i])), value, 1e-5);
        const double step = 1e-5;
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal((Divergence(shift[i] + step, logScale[i], spike[i]) - Divergence(shift[i] - step, logScale[i], spike[i])) / (2 * step), byShift[i], 1e-5);
            Assert.Equal((Divergence(shift[i], logScale[i] + step, spike[i]) - Divergence(shift[i], logScale[i] - step, spike[i])) / (2 * step), byScale[i], 1e-5);
            Assert.Equal((Divergence(shift[i], logScale[i], spike[i] + step) - Divergence(shift[i], logScale[i], spike[i] - step)) / (2 * step), bySpike[i], 1e-4);
        }

        double Divergence(double mu, double h, double head)
        {
            double gamma = Math.Clamp(headIsLogProbability ? Math.Exp(Math.Min(head, 0)) : 1 / (1 + Math.Exp(-head)), 1e-6, 1 - 1e-6);
            double slab = 0.5 * ((mu * mu + Math.Exp(h)) / 0.1 - 1 - h + Math.Log(0.1));
            return gamma * slab + (1 - gamma) * Math.Log((1 - gamma) / 0.8) + gamma * Math.Log(gamma / 0.2);
        }
    }
}
