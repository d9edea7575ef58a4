using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Robustness;

namespace VariationalSparseCoding.Reproduction.Tests.Robustness;

public sealed class RobustnessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vsc-robustness-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Quick => [.. RobustnessSet.Quick.Select(set => set.Name)];

    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Quick))]
    public void Default_settings_give_a_finite_model_that_explains_or_says_that_it_does_not(string name)
    {
        var set = RobustnessSet.All.First(candidate => candidate.Name == name);
        Assert.All(MethodTable.All, method =>
        {
            var result = RobustnessRun.Of(set, method.Name, seed: 0, mostSteps: 60);
            Assert.True(result.Fault(set.IsStructured) is null, $"{method.Name}: {result.Fault(set.IsStructured)}, {result.ExplainedVariance}");
            if (set.IsStructured) Assert.InRange(result.ExplainedVariance, 0.1, 1);
        });
    }

    [Fact]
    public void Data_without_anything_to_learn_from_are_refused_in_one_line_which_is_not_a_fault()
    {
        var result = RobustnessRun.Of(RobustnessSet.All.First(set => set.Name == "constant-all-4"), "gaussian", seed: 0);
        Assert.StartsWith("samples: all rows are equal", result.Refusal, StringComparison.Ordinal);
        Assert.Null(result.Fault(isStructured: false));
        Assert.NotNull(result.Fault(isStructured: true));
        Assert.Contains("| constant-all-4 | 100 | 4 |  | refused |", RobustnessTable.Markdown([result], "command"), StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_sixty_data_sets_of_all_sizes_with_names_of_their_own()
    {
        Assert.Equal(60, RobustnessSet.All.Count);
        Assert.Equal(60, RobustnessSet.All.Select(set => set.Name).Distinct().Count());
        Assert.Equal(12, RobustnessSet.Quick.Count);
        Assert.Equal((1, 2000), (RobustnessSet.All.Min(set => set.Dimension), RobustnessSet.All.Max(set => set.Dimension)));
        Assert.Equal((10, 100_000), (RobustnessSet.All.Min(set => set.Samples), RobustnessSet.All.Max(set => set.Samples)));
    }

    [Fact]
    public void Data_sets_depend_on_the_seed_alone_and_are_finite()
    {
        foreach (var set in RobustnessSet.Quick)
        {
            var (train, heldOut) = set.Generate(3);
            Assert.Equal(set.Samples * set.Dimension, train.Length);
            Assert.Equal(train, set.Generate(3).Train);
            Assert.NotEqual(train, set.Generate(4).Train);
            Assert.All(train.Concat(heldOut), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void A_folder_keeps_each_result_and_makes_only_what_is_missing()
    {
        var sets = RobustnessSet.All.Where(set => set.Name == "noise-64-ten-rows").ToList();
        var robustness = new RobustnessFolder(folder);
        List<string> made = [];
        var first = robustness.Complete(sets, ["laplacian", "fista"], [0], (result, done, all) => made.Add($"{result.Method} {done} of {all}"), CancellationToken.None);
        Assert.Equal(2, made.Count);
        File.Delete(Path.Combine(folder, "noise-64-ten-rows", "fista-0.json"));
        made.Clear();
        var second = robustness.Complete(sets, ["laplacian", "fista"], [0], (result, done, all) => made.Add($"{result.Method} {done} of {all}"), CancellationToken.None);
        Assert.Equal("fista 2 of 2", Assert.Single(made));
        Assert.Equal(first.Select(result => (result.Method, result.ExplainedVariance)), second.Select(result => (result.Method, result.ExplainedVariance)));
    }

    [Fact]
    public void The_page_marks_what_is_wrong_and_what_said_so()
    {
        var result = new RobustnessResult { Set = "noise-16", Method = "gaussian", Seed = 0, IsFinite = true };
        string page = RobustnessTable.Markdown(
        [
            result with { ExplainedVariance = 0.5, BackOffs = 2 },
            result with { Method = "laplacian", ExplainedVariance = -0.5, Notes = ["almost nothing was learned: ..."] },
            result with { Method = "fista", Failure = "Training diverged again." },
        ], "command");
        Assert.Contains("3 trainings, 1 with back-offs, 1 that learned nothing and say so, 1 faults.", page, StringComparison.Ordinal);
        Assert.Contains("| noise-16 | 5000 | 16 |  | NaN **!** | 0.500 b | -0.500 n |", page, StringComparison.Ordinal);
        Assert.Contains("- noise-16, fista, seed 0: Training diverged again.", page, StringComparison.Ordinal);
    }
}
