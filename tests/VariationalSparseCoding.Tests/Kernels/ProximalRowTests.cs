using System.Numerics;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class ProximalRowTests
{
    // Strides that are one vector, several, and more than the vectors that stay in registers; atoms that do not fill them.
    [Theory]
    [InlineData(16, 0)]
    [InlineData(13, 1)]
    [InlineData(45, 0)]
    [InlineData(200, 1)]
    [InlineData(300, 0)]
    public void Iterations_are_shrunk_gradient_steps_at_the_extrapolated_code(int atoms, int present)
    {
        Compare<float>(atoms, present, 1e-4);
        Compare<double>(atoms, present, 1e-12);
    }

    private static void Compare<T>(int atoms, int present, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Step = 0.01, Threshold = 0.4;
        double[] momenta = [0, 0.3, 0.5];
        int stride = (atoms + 15) / 16 * 16;
        double[] gram = Padded(0, atoms), projections = Padded(1, 1);
        double[] start = [.. Padded(2, 1), .. Padded(3, 1), .. Padded(4, 1), .. Padded(5, 1)];
        T[] state = Convert(start), changes = new T[3], sizes = new T[3];
        new ProximalRow<T>
        {
            Atoms = atoms,
            Gram = Convert(gram),
            Projections = Convert(projections),
            State = state,
            Step = T.CreateChecked(Step),
            Threshold = T.CreateChecked(Threshold),
            Support = new int[stride],
        }.Iterate(present, Convert(momenta), changes, sizes);

        double[] z = Part(start, present, 0), c = Part(start, present, 1), lastZ = Part(start, 1 - present, 0), lastC = Part(start, 1 - present, 1);
        for (int i = 0; i < momenta.Length; i++)
        {
            double[] next = new double[stride], nextC = [.. projections];
            for (int j = 0; j < stride; j++)
            {
                double moved = z[j] + momenta[i] * (z[j] - lastZ[j]) + Step * (c[j] + momenta[i] * (c[j] - lastC[j]));
                next[j] = Math.Sign(moved) * Math.Max(0, Math.Abs(moved) - Threshold);
            }
            for (int k = 0; k < atoms; k++)
                for (int j = 0; j < stride; j++) nextC[j] -= next[k] * gram[k * stride + j];
            Assert.Equal(z.Zip(next, (old, now) => (now - old) * (now - old)).Sum(), double.CreateChecked(changes[i]), 10 * tolerance);
            Assert.Equal(z.Sum(old => old * old), double.CreateChecked(sizes[i]), 10 * tolerance * (1 + z.Sum(old => old * old)));
            Assert.Contains(0, next);
            (lastZ, lastC, z, c) = (z, c, next, nextC);
        }
        Close(z, Part(state, 1 - present, 0));
        Close(c, Part(state, 1 - present, 1));
        Close(lastZ, Part(state, present, 0));
        Assert.DoesNotContain(state, value => value == T.Zero && T.IsNegative(value));

        double[] Padded(int stream, int rows) =>
            [.. Enumerable.Range(0, rows).SelectMany(row => RandomNumbers.Normal(stream, rows * atoms)[(row * atoms)..((row + 1) * atoms)].Select(value => (double)value).Concat(new double[stride - atoms]))];

        T[] Convert(double[] values) => Array.ConvertAll(values, T.CreateChecked);

        TValue[] Part<TValue>(TValue[] all, int half, int which) => all[((2 * half + which) * stride)..((2 * half + which + 1) * stride)];

        void Close(double[] expected, T[] found)
        {
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], double.CreateChecked(found[i]), 10 * tolerance);
        }
    }

    [Theory]
    [InlineData(13), InlineData(300)]
    public void The_first_state_has_the_correlations_of_its_codes(int atoms)
    {
        int stride = (atoms + 15) / 16 * 16;
        double[] gram = new double[atoms * stride], projections = new double[stride], codes = new double[stride], state = new double[4 * stride];
        float[] numbers = RandomNumbers.Normal(0, atoms * atoms), sparse = RandomNumbers.Normal(2, atoms);
        for (int i = 0; i < numbers.Length; i++) gram[i / atoms * stride + i % atoms] = numbers[i];
        for (int i = 0; i < atoms; i += 3) codes[i] = sparse[i];
        RandomNumbers.Normal(1, atoms).Select(value => (double)value).ToArray().CopyTo(projections, 0);
        new ProximalRow<double> { Atoms = atoms, Gram = gram, Projections = projections, State = state, Step = 1, Threshold = 1, Support = new int[stride] }.Begin(codes);
        Assert.Equal(codes, state[..stride]);
        for (int j = 0; j < stride; j++)
            Assert.Equal(projections[j] - Enumerable.Range(0, atoms).Sum(k => codes[k] * gram[k * stride + j]), state[stride + j], 1e-11);
        Assert.Equal(state[..(2 * stride)], state[(2 * stride)..]);
    }

    [Fact]
    public void The_last_correlations_are_left_out_where_nobody_needs_them()
    {
        double[] state = new double[64], changes = new double[2];
        ProximalRow<double> Row() => new() { Atoms = 1, Gram = new double[16], Projections = Enumerable.Repeat(5.0, 16).ToArray(), State = state, Step = 1, Threshold = 1, Support = new int[16] };
        Row().Iterate(0, [0, 0], changes, changes, isLast: true);
        Assert.Equal((5, 0), (state[32 + 16], state[16]));
        Row().Iterate(0, [0, 0], changes, changes);
        Assert.Equal((5, 5), (state[32 + 16], state[16]));
    }

    [Fact]
    public void What_is_not_a_number_is_not_hidden()
    {
        float[] state = new float[64], changes = new float[1], sizes = new float[1];
        state[3] = float.NaN;
        ProximalRow<float> Row() => new() { Atoms = 5, Gram = new float[5 * 16], Projections = new float[16], State = state, Step = 1, Threshold = 1, Support = new int[16] };
        Row().Iterate(0, [0], changes, sizes);
        Assert.Equal(float.NaN, state[32 + 3]);
        Assert.Equal(float.NaN, changes[0]);
        // The next one, whose codes are all NaN, must not look for rows that the Gram matrix has not.
        Row().Iterate(1, [0, 0], new float[2], new float[2]);
        Assert.Equal(float.NaN, state[32 + 3]);
    }
}
