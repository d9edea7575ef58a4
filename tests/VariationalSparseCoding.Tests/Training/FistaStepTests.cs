using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Tests.MapInference;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

public class FistaStepTests
{
    private const int Batch = 20, Inputs = 30, Atoms = 45;
    private const double Lambda = 3, Penalty = 0.02, StepSize = 0.1;

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void The_step_is_that_of_plain_loops(int threads, bool padded)
    {
        var dictionary = Dictionary(padded);
        using var step = new FistaStep(dictionary, Batch, threads, Penalty);
        for (uint number = 0; number < 6; number++)
        {
            var (before, x) = (Copy(dictionary), Samples(number));
            var (reconstruction, l1, active, iterations) = step.Apply(x.Floats, Lambda, StepSize);

            // From the same dictionary each time, or else a code at the threshold would soon be 0 in one of them alone.
            var (codes, count) = LassoData.Published(before, x, Lambda);
            var residuals = x - codes * before.Transposed;
            var direction = 1.0 / Batch * (residuals.Transposed * codes) - 2 * Penalty * before;
            var expected = before + StepSize * direction;
            Assert.Equal(count, iterations);
            Assert.InRange((expected - Copy(dictionary)).Largest, 0, 1e-5 * expected.Largest);
            Assert.Equal(residuals.Values.Sum(value => value * value) / 2 / Batch, reconstruction, 1e-5 * reconstruction);
            Assert.Equal(codes.Values.Sum(Math.Abs) / Batch, l1, 1e-5 * l1);
            Assert.Equal(codes.Values.Count(code => code != 0) / (double)codes.Values.Length, active);
        }
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        FloatMatrix one = Dictionary(padded: false), three = Dictionary(padded: true);
        using FistaStep alone = new(one, Batch, 1, Penalty), together = new(three, Batch, 3, Penalty);
        for (uint number = 0; number < 4; number++)
            Assert.Equal(alone.Apply(Samples(number).Floats, Lambda, StepSize), together.Apply(Samples(number).Floats, Lambda, StepSize));
        Assert.Equal(Copy(one).Values, Copy(three).Values);
    }

    [Fact]
    public void Inputs_that_cannot_be_used_are_named()
    {
        var dictionary = Dictionary(padded: false);
        using var step = new FistaStep(dictionary, Batch, 1, Penalty);
        float[] samples = Samples(0).Floats;
        Assert.Throws<ArgumentException>("x", () => step.Apply(samples.AsSpan(Inputs), Lambda, StepSize));
        samples[3 * Inputs + 2] = float.NaN;
        Assert.Equal("x holds a NaN or infinite value in row 3; remove or repair it.", Assert.Throws<InvalidInputException>(() => step.Apply(samples, Lambda, StepSize)).Message);
        dictionary[7][1] = float.PositiveInfinity;
        Assert.Equal("dictionary holds a NaN or infinite value in row 7; remove or repair it.",
            Assert.Throws<InvalidInputException>(() => step.Apply(Samples(0).Floats, Lambda, StepSize)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FistaStep(dictionary, 0, 1, Penalty));
    }

    private static FloatMatrix Dictionary(bool padded)
    {
        var dictionary = new FloatMatrix(Inputs, Atoms, padded);
        var values = LassoData.Random(1, Inputs, Atoms, 40).Dictionary;
        for (int row = 0; row < Inputs; row++) values.Slice(row, 1).Floats.CopyTo(dictionary[row]);
        return dictionary;
    }

    private static Matrix Samples(uint number) => (3 * LassoData.Random(Batch, Inputs, Atoms, 50 + number).X).Rounded();

    private static Matrix Copy(FloatMatrix matrix) =>
        new([.. Enumerable.Range(0, matrix.Rows).SelectMany(row => matrix[row].ToArray()).Select(value => (double)value)], matrix.Columns);
}
