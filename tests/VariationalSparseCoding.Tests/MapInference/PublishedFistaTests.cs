using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

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
    public void Codes_and_iterations_are_those_of_the_solver(int samples, int inputs, int atoms, double lambda, int maximum)
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = Problem(samples, inputs, atoms);
        using var problem = new LassoProblem(dictionary);
        var options = MapOptions.PublishedFista(lambda) with { MaximumIterations = maximum };
        using var expected = problem.Solve(x, options, MapSolver.Fista);
        var (codes, iterations) = Solve(dictionary, x, options, threads: 1);
        Assert.All(expected.Iterations, count => Assert.Equal(count, iterations));
        Assert.InRange((expected.Codes - codes).abs().max().item<float>(), 0, 1e-4 * (1 + expected.Codes.abs().max().item<float>()));
        Assert.Equal((expected.Codes == 0).sum().item<long>(), (codes == 0).sum().item<long>());
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = Problem(17, 40, 100);
        var options = MapOptions.PublishedFista(2);
        var (one, iterations) = Solve(dictionary, x, options, threads: 1);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            var (codes, count) = Solve(dictionary, x, options, threads);
            Assert.Equal(iterations, count);
            Assert.Equal(one.data<float>().ToArray(), codes.data<float>().ToArray());
        }
    }

    [Fact]
    public void A_solve_does_not_depend_on_those_before()
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = Problem(7, 30, 45);
        var (other, y) = (dictionary.flip(0).contiguous(), x * 3);
        using var team = new ThreadTeam(1, () => { });
        using var fista = new PublishedFista(team, 7, 30, 45);
        var first = Copy(fista, dictionary, x, 1.5);
        Copy(fista, other, y, 0.3);
        Assert.Equal(first, Copy(fista, dictionary, x, 1.5));
    }

    [Fact]
    public void A_dictionary_too_large_for_float32_ends_in_numbers_that_are_none()
    {
        using var scope = NewDisposeScope();
        var (codes, iterations) = Solve(full([3, 4], 1e30f), ones(2, 3), MapOptions.PublishedFista(1), threads: 1);
        Assert.Equal(1, iterations);
        Assert.True(codes.isnan().all().item<bool>());
    }

    private static (Tensor Dictionary, Tensor X) Problem(int samples, int inputs, int atoms)
    {
        var (dictionary, x) = LassoData.Random(samples, inputs, atoms, 8);
        return (dictionary.to(float32), x.to(float32));
    }

    private static (Tensor Codes, int Iterations) Solve(Tensor dictionary, Tensor x, MapOptions options, int threads)
    {
        using var team = new ThreadTeam(threads, () => { });
        using var fista = new PublishedFista(team, (int)x.shape[0], (int)x.shape[1], (int)dictionary.shape[1]);
        int iterations = fista.Solve(dictionary.Rows().Operand, x.Rows().Operand, options);
        return (tensor(Codes(fista, (int)x.shape[0]), [x.shape[0], dictionary.shape[1]]), iterations);
    }

    private static float[] Copy(PublishedFista fista, Tensor dictionary, Tensor x, double lambda)
    {
        fista.Solve(dictionary.Rows().Operand, x.Rows().Operand, MapOptions.PublishedFista(lambda));
        return Codes(fista, (int)x.shape[0]);
    }

    private static float[] Codes(PublishedFista fista, int samples) => [.. Enumerable.Range(0, samples).SelectMany(sample => fista.Code(sample).ToArray())];
}
