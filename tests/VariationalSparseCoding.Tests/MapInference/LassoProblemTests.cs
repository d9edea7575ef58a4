using VariationalSparseCoding.MapInference;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

public class LassoProblemTests
{
    [Theory]
    [InlineData(30, 45, 1.0), InlineData(45, 30, 1.0), InlineData(1, 7, 1.0), InlineData(7, 1, 1.0), InlineData(16, 16, 1e12), InlineData(16, 16, 1e-12)]
    public void The_spectral_bound_is_above_the_norm_and_close_to_it(int inputs, int atoms, double scale)
    {
        using var scope = NewDisposeScope();
        var dictionary = LassoData.Random(1, inputs, atoms, 11).Dictionary * scale;
        using var problem = new LassoProblem(dictionary);
        double norm = linalg.svdvals(dictionary).max().item<double>();
        Assert.InRange(problem.SquaredSpectralNorm / (norm * norm), 1, 1 + 1e-7);
    }

    [Fact]
    public void The_spectral_bound_holds_for_structured_dictionaries()
    {
        using var scope = NewDisposeScope();
        // The first atom is longest, but the largest singular value belongs to the others, orthogonal to it.
        var dictionary = zeros(6, 6, float64);
        dictionary[0, 0] = 1.1;
        dictionary[1..4, 1..4] = 1.0 / Math.Sqrt(3);
        using var problem = new LassoProblem(dictionary);
        Assert.InRange(problem.SquaredSpectralNorm, 3, 3 * (1 + 1e-7));
        using var identity = new LassoProblem(eye(5));
        Assert.InRange(identity.SquaredSpectralNorm, 1, 1 + 1e-7);
    }

    [Fact]
    public void An_updated_dictionary_replaces_all_that_was_cached()
    {
        using var scope = NewDisposeScope();
        var (first, x) = LassoData.Random(7, 30, 45, 12);
        var (second, _) = LassoData.Random(7, 30, 45, 13);
        using var updated = new LassoProblem(first);
        using var fresh = new LassoProblem(second);
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            updated.Update(first);
            using (updated.Solve(x, new MapOptions { Lambda = 1 }, method)) updated.Update(second);
            using var after = updated.Solve(x, new MapOptions { Lambda = 1 }, method);
            using var expected = fresh.Solve(x, new MapOptions { Lambda = 1 }, method);
            Assert.Equal(expected.Codes.data<double>().ToArray(), after.Codes.data<double>().ToArray());
        }
        Assert.Equal(fresh.SquaredSpectralNorm, updated.SquaredSpectralNorm);
    }

    [Fact]
    public void The_problem_keeps_its_own_copy_of_the_dictionary()
    {
        using var scope = NewDisposeScope();
        var dictionary = ones(2, 2);
        using var problem = new LassoProblem(dictionary);
        dictionary.zero_();
        Assert.Equal(2f, problem.Gram[0, 1].item<float>());
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_named(float value)
    {
        using var scope = NewDisposeScope();
        var matrix = ones(4, 3);
        matrix[2, 1] = value;
        Assert.Equal("dictionary holds a NaN or infinite value in row 2; remove or repair it.",
            Assert.Throws<InvalidInputException>(() => new LassoProblem(matrix)).Message);
        using var problem = new LassoProblem(ones(3, 3));
        Assert.StartsWith("x holds", Assert.Throws<InvalidInputException>(() => problem.Solve(matrix, new MapOptions())).Message, StringComparison.Ordinal);
        Assert.StartsWith("initialCodes holds",
            Assert.Throws<InvalidInputException>(() => problem.Solve(ones(4, 3), new MapOptions(), MapSolver.Fista, matrix)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opposite_infinities_are_found_and_large_values_are_not_mistaken_for_them()
    {
        using var scope = NewDisposeScope();
        using var problem = new LassoProblem(eye(3));
        Assert.Throws<InvalidInputException>(() => problem.Solve(tensor([0f, 1, 2, float.PositiveInfinity, float.NegativeInfinity, 0], [2, 3]), new MapOptions()));
        using var result = problem.Solve(full([2, 3], 3e38f), new MapOptions { Lambda = 1e38 });
        Assert.True(result.AllConverged);
    }

    [Fact]
    public void Values_too_large_for_the_objective_are_named()
    {
        using var scope = NewDisposeScope();
        using var problem = new LassoProblem(eye(3, dtype: float64));
        var x = ones(2, 3, float64);
        x[1, 2] = 1e200;
        Assert.Equal("x has values in row 1 whose squares are out of range; scale it down.",
            Assert.Throws<InvalidInputException>(() => problem.Solve(x, new MapOptions())).Message);
    }

    [Fact]
    public void Views_are_solved_as_their_copies_are()
    {
        using var scope = NewDisposeScope();
        var (dictionary, x) = LassoData.Random(9, 12, 20, 14);
        using var problem = new LassoProblem(dictionary);
        using var ofViews = new LassoProblem(dictionary.t().contiguous().t());
        using var expected = problem.Solve(x[2..6], new MapOptions { Lambda = 1 });
        using var found = ofViews.Solve(x.t().contiguous().t()[2..6], new MapOptions { Lambda = 1 });
        Assert.Equal(expected.Codes.data<double>().ToArray(), found.Codes.data<double>().ToArray());
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        using var problem = new LassoProblem(ones(3, 5));
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(3), new MapOptions(), method));
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(2, 5), new MapOptions(), method));
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(2, 3, float64), new MapOptions(), method));
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(2, 3), new MapOptions(), method, ones(1, 5)));
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(2, 3), new MapOptions(), method, ones(2, 4)));
            if (method == MapSolver.Fista) continue;
            Assert.Throws<ArgumentException>(() => problem.Solve(ones(2, 3), MapOptions.PublishedFista(20), method));
        }
        Assert.Throws<ArgumentException>(() => new LassoProblem(ones(3)));
        Assert.Throws<ArgumentException>(() => new LassoProblem(ones(0, 3)));
        Assert.Throws<ArgumentException>(() => new LassoProblem(ones(3, 3, int64)));
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
        using var problem = new LassoProblem(ones(3, 3));
        foreach (var method in Enum.GetValues<MapSolver>())
        {
            using var x = ones(2, 3);
            Assert.Contains(named, Assert.Throws<InvalidInputException>(() => problem.Solve(x, options, method)).Message, StringComparison.Ordinal);
        }
    }
}
