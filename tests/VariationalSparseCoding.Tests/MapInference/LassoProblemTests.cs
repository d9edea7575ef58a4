using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.MapInference;

public class LassoProblemTests
{
    [Theory]
    [InlineData(30, 45, 1.0), InlineData(45, 30, 1.0), InlineData(1, 7, 1.0), InlineData(7, 1, 1.0), InlineData(16, 16, 1e12), InlineData(16, 16, 1e-12)]
    public void The_spectral_bound_is_above_the_norm_and_close_to_it(int inputs, int atoms, double scale)
    {
        var dictionary = scale * LassoData.Random(1, inputs, atoms, 11).Dictionary;
        Assert.InRange(dictionary.Problem().SquaredSpectralNorm / LargestEigenvalue(dictionary.Transposed * dictionary), 1, 1 + 1e-7);
    }

    [Fact]
    public void The_spectral_bound_holds_for_structured_dictionaries()
    {
        // The first atom is longest, but the largest singular value belongs to the others, orthogonal to it.
        var dictionary = Matrix.Zeros(6, 6).Map((_, row, column) => row == 0 && column == 0 ? 1.1 : row is > 0 and < 4 && column is > 0 and < 4 ? 1 / Math.Sqrt(3) : 0);
        Assert.InRange(dictionary.Problem().SquaredSpectralNorm, 3, 3 * (1 + 1e-7));
        Assert.InRange(Matrix.Identity(5).SingleProblem().SquaredSpectralNorm, 1, 1 + 1e-7);
    }

    [Fact]
    public void The_problem_keeps_its_own_copy_of_the_dictionary()
    {
        float[] dictionary = [1, 1, 1, 1];
        var problem = new LassoProblem(dictionary, 2);
        dictionary.AsSpan().Clear();
        Assert.Equal((2, 2, 2.0), (problem.InputSize, problem.Atoms, problem.Gram.Row(0)[1]));
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_named(float value)
    {
        float[,] matrix = { { 1, 1, 1 }, { 1, 1, 1 }, { 1, value, 1 }, { 1, 1, 1 } }, ones = { { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 } };
        Assert.Equal("dictionary holds a NaN or infinite value in row 2; remove or repair it.",
            Assert.Throws<InvalidInputException>(() => new LassoProblem(matrix)).Message);
        var problem = Matrix.Identity(3).SingleProblem();
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            Assert.Equal("x holds a NaN or infinite value in row 2; remove or repair it.",
                Assert.Throws<InvalidInputException>(() => problem.Solve(matrix, new MapOptions(), method)).Message);
            Assert.StartsWith("initialCodes holds",
                Assert.Throws<InvalidInputException>(() => problem.Solve(ones, new MapOptions(), method, matrix)).Message, StringComparison.Ordinal);
        }
        Assert.StartsWith("x holds", Assert.Throws<InvalidInputException>(() => problem.Solve(matrix, MapOptions.PublishedFista(1), MapSolver.Fista)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opposite_infinities_are_found_and_large_values_are_not_mistaken_for_them()
    {
        var problem = Matrix.Identity(3).SingleProblem();
        Assert.Throws<InvalidInputException>(() => problem.Solve([0f, 1, 2, float.PositiveInfinity, float.NegativeInfinity, 0], new MapOptions()));
        Assert.True(problem.Solve([3e38f, 3e38f, 3e38f, 3e38f, 3e38f, 3e38f], new MapOptions { Lambda = 1e38 }).AllConverged);
    }

    [Fact]
    public void Values_too_large_for_the_objective_are_named()
    {
        var x = Matrix.Zeros(2, 3);
        x[1, 2] = 1e200;
        foreach (var method in Enum.GetValues<MapSolver>())
            Assert.Equal("x has values in row 1 whose squares are out of range; scale it down.",
                Assert.Throws<InvalidInputException>(() => Matrix.Identity(3).Problem().Solve(x.Values, new MapOptions(), method)).Message);
    }

    [Fact]
    public void Matrices_are_solved_as_their_rows_are()
    {
        var (dictionary, x) = LassoData.Random(9, 12, 20, 14);
        var start = LassoData.Random(9, 20, 1, 15).X;
        var problem = new LassoProblem(Matrices.From(dictionary.Floats, 20));
        Assert.Equal((12, 20), (problem.InputSize, problem.Atoms));
        var expected = dictionary.SingleProblem().Solve(x.Floats, MapOptions.Steps(1, 3), MapSolver.Fista, start.Floats);
        var found = problem.Solve(Matrices.From(x.Floats, 12), MapOptions.Steps(1, 3), MapSolver.Fista, Matrices.From(start.Floats, 20));
        Assert.Equal(expected.Codes, found.Codes);
        Assert.Equal(expected.Objective, found.Objective);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var problem = new LassoProblem(new float[15], 5);
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            Assert.Throws<ArgumentException>("x", () => problem.Solve(new float[7], new MapOptions(), method));
            Assert.Throws<ArgumentException>("x", () => problem.Solve(new float[2, 5], new MapOptions(), method));
            Assert.Throws<ArgumentException>("initialCodes", () => problem.Solve(new float[6], new MapOptions(), method, new float[5]));
            Assert.Throws<ArgumentException>("initialCodes", () => problem.Solve(new float[2, 3], new MapOptions(), method, new float[2, 4]));
            Assert.Throws<ArgumentException>("initialCodes", () => problem.Solve(new float[2, 3], new MapOptions(), method, new float[1, 5]));
            if (method != MapSolver.Fista) Assert.Throws<ArgumentException>("options", () => problem.Solve(new float[6], MapOptions.PublishedFista(20), method));
        }
        Assert.Throws<ArgumentNullException>("options", () => problem.Solve(new float[6], null!));
        Assert.Throws<ArgumentNullException>("x", () => problem.Solve((float[,])null!, new MapOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Solve(new float[6], new MapOptions(), (MapSolver)99));
        Assert.Throws<ArgumentNullException>("dictionary", () => new LassoProblem(null!));
        Assert.Throws<ArgumentException>("dictionary", () => new LassoProblem(new float[3], 2));
        Assert.Throws<ArgumentException>("dictionary", () => new LassoProblem(new float[3], 0));
        Assert.Throws<ArgumentException>("dictionary", () => new LassoProblem(new float[0, 3]));
        Assert.Throws<ArgumentException>("dictionary", () => new LassoProblem(new float[3, 0]));
    }

    public static TheoryData<MapOptions, string> UnusableOptions => new()
    {
        { new() { Lambda = double.NaN }, "Lambda is NaN" },
        { new() { Lambda = -0.5 }, "Lambda is -0.5" },
        { new() { RelativeGapTolerance = -1 }, "RelativeGapTolerance is -1" },
        { new() { MaximumIterations = -1 }, "MaximumIterations is -1" },
        { new() { Threads = -2 }, "Threads is -2" },
        { new() { StopRule = (MapStopRule)9 }, "StopRule is 9" },
    };

    [Theory, MemberData(nameof(UnusableOptions))]
    public void Options_out_of_range_are_named(MapOptions options, string named)
    {
        var problem = new LassoProblem(new float[9], 3);
        foreach (var method in Enum.GetValues<MapSolver>())
            Assert.Contains(named, Assert.Throws<InvalidInputException>(() => problem.Solve(new float[6], options, method)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_solve_ends()
    {
        var (dictionary, x) = LassoData.Random(100, 12, 20, 14);
        var problem = dictionary.SingleProblem();
        var cancelled = new CancellationToken(canceled: true);
        foreach (var method in Enum.GetValues<MapSolver>())
            Assert.Throws<OperationCanceledException>(() => problem.Solve(x.Floats, new MapOptions { Lambda = 1 }, method, cancellationToken: cancelled));
        Assert.Throws<OperationCanceledException>(() => problem.Solve(x.Floats, MapOptions.PublishedFista(1), MapSolver.Fista, cancellationToken: cancelled));
    }

    [Fact]
    public void Several_threads_may_use_a_problem()
    {
        var (dictionary, x) = LassoData.Random(20, 30, 45, 16);
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            float[] expected = dictionary.SingleProblem().Solve(x.Floats, new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-5 }, method).Codes;
            var shared = dictionary.SingleProblem();
            Parallel.For(0, 8, _ => Assert.Equal(expected, shared.Solve(x.Floats, new MapOptions { Lambda = 2, RelativeGapTolerance = 1e-5, Threads = 1 }, method).Codes));
        }
    }

    /// <summary>By powers of the matrix: G^(2^k) tends to lambda^(2^k) v v^T, whose trace over that of the half power gives lambda.</summary>
    private static double LargestEigenvalue(Matrix gram)
    {
        double logarithm = 0, power = 1;
        for (int squaring = 0; squaring < 40; squaring++, power *= 2)
        {
            double scale = gram.Largest;
            logarithm += Math.Log(scale) / power;
            gram = 1 / scale * gram;
            gram *= gram;
        }
        return Math.Exp(logarithm);
    }
}
