using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Tests.MapInference;

public class PublishedFistaTests
{
    [Theory]
    [InlineData(7, 30, 45, 1.5, 500)]
    [InlineData(20, 64, 64, 3, 500)]
    [InlineData(5, 40, 300, 0.5, 500)]
    [InlineData(1, 3, 1, 0.1, 500)]
    [InlineData(7, 30, 45, 0, 500)]
    [InlineData(7, 30, 45, 1.5, 1)]
    [InlineData(7, 30, 45, 1.5, 8)]
    [InlineData(7, 30, 45, 1.5, 0)]
    [InlineData(7, 30, 45, 1e6, 500)]
    public void Codes_and_iterations_are_those_of_the_plain_loops(int samples, int inputs, int atoms, double lambda, int maximum)
    {
        var (dictionary, x) = Problem(samples, inputs, atoms);
        var (expected, count) = LassoData.Published(dictionary, x, lambda, maximum);
        var options = MapOptions.PublishedFista(lambda) with { MaximumIterations = maximum };
        var (codes, iterations) = Solve(dictionary, x, options, threads: 1);
        Assert.Equal(count, iterations);
        Assert.InRange((expected - codes).Largest, 0, 1e-4 * (1 + expected.Largest));
        Assert.Equal(expected.Values.Count(code => code == 0), codes.Values.Count(code => code == 0));
        Assert.All(dictionary.SingleProblem().Solve(x.Floats, options, MapSolver.Fista).Iterations, solver => Assert.Equal(iterations, solver));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var (dictionary, x) = Problem(17, 40, 100);
        var options = MapOptions.PublishedFista(2);
        var (one, iterations) = Solve(dictionary, x, options, threads: 1);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            var (codes, count) = Solve(dictionary, x, options, threads);
            Assert.Equal(iterations, count);
            Assert.Equal(one.Values, codes.Values);
        }
    }

    [Fact]
    public void A_solve_does_not_depend_on_those_before()
    {
        var (dictionary, x) = Problem(7, 30, 45);
        var other = dictionary.Map((_, row, column) => dictionary[29 - row, column]);
        using var team = new ThreadTeam(1, () => { });
        var fista = new PublishedFista(team, 7, 30, 45);
        var first = Solve(fista, dictionary, x, MapOptions.PublishedFista(1.5)).Codes;
        Solve(fista, other, 3 * x, MapOptions.PublishedFista(0.3));
        Assert.Equal(first.Values, Solve(fista, dictionary, x, MapOptions.PublishedFista(1.5)).Codes.Values);
    }

    [Fact]
    public void A_dictionary_too_large_for_float32_ends_in_numbers_that_are_none()
    {
        var (codes, iterations) = Solve(Matrix.Zeros(3, 4).Map((_, _, _) => 1e30), Matrix.Zeros(2, 3).Map((_, _, _) => 1), MapOptions.PublishedFista(1), threads: 1);
        Assert.Equal(1, iterations);
        Assert.All(codes.Values, code => Assert.Equal(double.NaN, code));
    }

    private static (Matrix Dictionary, Matrix X) Problem(int samples, int inputs, int atoms)
    {
        var (dictionary, x) = LassoData.Random(samples, inputs, atoms, 8);
        return (dictionary.Rounded(), x.Rounded());
    }

    private static (Matrix Codes, int Iterations) Solve(Matrix dictionary, Matrix x, MapOptions options, int threads)
    {
        using var team = new ThreadTeam(threads, () => { });
        return Solve(new PublishedFista(team, x.Rows, x.Columns, dictionary.Columns), dictionary, x, options);
    }

    private static (Matrix Codes, int Iterations) Solve(PublishedFista fista, Matrix dictionary, Matrix x, MapOptions options)
    {
        FloatMatrix atoms = new(dictionary.Rows, dictionary.Columns, padded: true), samples = new(x.Rows, x.Columns);
        for (int row = 0; row < dictionary.Rows; row++) dictionary.Slice(row, 1).Floats.CopyTo(atoms[row]);
        x.Floats.CopyTo(samples.All);
        int iterations = fista.Solve(atoms.Operand, samples.Operand, options);
        GC.KeepAlive(atoms);
        GC.KeepAlive(samples);
        return (new([.. Enumerable.Range(0, x.Rows).SelectMany(sample => fista.Code(sample).ToArray()).Select(code => (double)code)], dictionary.Columns), iterations);
    }
}
