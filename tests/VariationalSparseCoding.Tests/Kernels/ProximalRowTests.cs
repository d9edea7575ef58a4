using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class ProximalRowTests
{
    [Theory]
    [InlineData(16, 0)]
    [InlineData(48, 1)]
    [InlineData(272, 1)]
    public void Iterations_are_those_of_the_batch_kernels_bit_for_bit(int atoms, int present)
    {
        const float Step = 0.01f, Threshold = 0.4f;
        float[] momenta = [0, 0.3f, 0.5f];
        float[] gram = RandomNumbers.Normal(0, atoms * atoms), projections = RandomNumbers.Normal(1, atoms), state = RandomNumbers.Normal(2, 4 * atoms);
        float[] codes = Part(state, present, 0), correlations = Part(state, present, 1), lastCodes = Part(state, 1 - present, 0), lastCorrelations = Part(state, 1 - present, 1);
        float[] changes = new float[3], sizes = new float[3];
        new ProximalRow { Atoms = atoms, Gram = gram, Projections = projections, State = state, Step = Step, Threshold = Threshold, Support = new int[atoms] }
            .Iterate(present, momenta, changes, sizes);

        for (int i = 0; i < momenta.Length; i++)
        {
            float[] next = new float[atoms], nextCorrelations = new float[atoms];
            ProximalKernels.Step(codes, correlations, lastCodes, lastCorrelations, momenta[i], Step, Threshold, next);
            ProximalKernels.Correlate(projections, gram, next, nextCorrelations, atoms);
            Assert.Equal(codes.Zip(next, (old, now) => ((double)now - old) * ((double)now - old)).Sum(), changes[i], 1e-4 * changes[i]);
            Assert.Equal(codes.Sum(old => (double)old * old), sizes[i], 1e-4 * sizes[i]);
            Assert.Contains(0f, next);
            (lastCodes, lastCorrelations, codes, correlations) = (codes, correlations, next, nextCorrelations);
        }
        Assert.Equal(codes, Part(state, 1 - present, 0));
        Assert.Equal(correlations, Part(state, 1 - present, 1));
        Assert.Equal(lastCodes, Part(state, present, 0));

        float[] Part(float[] all, int half, int which) => all[((2 * half + which) * atoms)..((2 * half + which + 1) * atoms)];
    }

    [Fact]
    public void What_is_not_a_number_is_not_hidden()
    {
        float[] state = new float[64], changes = new float[1], sizes = new float[1];
        state[3] = float.NaN;
        new ProximalRow { Atoms = 5, Gram = new float[5 * 16], Projections = new float[16], State = state, Step = 1, Threshold = 1, Support = new int[16] }.Iterate(0, [0], changes, sizes);
        Assert.Equal(float.NaN, state[32 + 3]);
        Assert.Equal(float.NaN, changes[0]);
        // The next one, whose codes are all NaN, must not look for rows that the Gram matrix has not.
        new ProximalRow { Atoms = 5, Gram = new float[5 * 16], Projections = new float[16], State = state, Step = 1, Threshold = 1, Support = new int[16] }.Iterate(1, [0, 0], new float[2], new float[2]);
        Assert.Equal(float.NaN, state[32 + 3]);
    }
}
