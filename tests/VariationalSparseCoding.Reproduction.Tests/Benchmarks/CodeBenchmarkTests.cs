using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

public sealed class CodeBenchmarkTests : IDisposable
{
    private static readonly CodeBenchmarkOptions Brief = new() { Steps = [5, 0, 5, 1], Rounds = 1, BatchSize = 7 };

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private RunFolder Trained(string method = "thresholded-laplacian", DrawSelection selection = DrawSelection.Max, int draws = 3)
    {
        var experiment = SmallModels.OfMatrix(scratch, method);
        var folder = RunFolder.Create(scratch.File($"run-{method}-{selection}-{draws}"), experiment with
        {
            Sampling = experiment.Sampling with { Draws = draws, Selection = selection },
            Objective = experiment.Objective with { Lambda = 0.1 },
        });
        TrainingRun.Train(folder, []);
        return folder;
    }

    private static MeasuredCodes Find(CodeBenchmarkResult result, CodeRoute route, int steps = 0) => result.Codes.Single(codes => codes.Route == route && codes.Steps == steps);

    [Fact]
    public void Unrefined_codes_are_those_of_the_evaluation()
    {
        using var folder = Trained();
        var result = CodeBenchmark.Run(folder, Brief);
        var evaluation = RunEvaluation.Of(folder);
        foreach (var (route, kind) in new[] { (CodeRoute.Draw, CodeKind.SingleDraw), (CodeRoute.BestDraw, CodeKind.AsTrained), (CodeRoute.Mean, CodeKind.Mean), (CodeRoute.Mode, CodeKind.Mode), (CodeRoute.Converged, CodeKind.ConvergedFista), (CodeRoute.ZeroCode, CodeKind.ZeroCode) })
            Assert.Equal(evaluation[kind].ValueWithFrobenius, Find(result, route).Terms.ValueWithFrobenius, 1e-5);
        Assert.Equal((3, 20, 1), (result.Draws, result.SampleCount, result.Threads));
    }

    [Fact]
    public void Steps_lower_the_objective_towards_the_optimum()
    {
        using var folder = Trained();
        var result = CodeBenchmark.Run(folder, Brief with { Steps = [0, 1, 200] });
        double optimum = Find(result, CodeRoute.Converged).Terms.Value, zero = Find(result, CodeRoute.ZeroCode).Terms.Value;
        Assert.True(optimum < 0.95 * zero, "lambda leaves nothing to code");
        foreach (var route in new[] { CodeRoute.Draw, CodeRoute.BestDraw, CodeRoute.Mean, CodeRoute.Mode })
        {
            Assert.True(Find(result, route, 1).Terms.Value <= Find(result, route).Terms.Value + 1e-6);
            Assert.Equal(optimum, Find(result, route, 200).Terms.Value, 1e-3 * optimum);
        }
        foreach (var route in new[] { CodeRoute.Fista, CodeRoute.CoordinateDescent })
        {
            Assert.True(Find(result, route, 1).Terms.Value < zero);
            Assert.Equal(optimum, Find(result, route, 200).Terms.Value, 1e-3 * optimum);
        }
    }

    [Fact]
    public void Every_way_has_its_steps_once_and_a_time()
    {
        using var folder = Trained();
        var result = CodeBenchmark.Run(folder, Brief);
        foreach (var route in new[] { CodeRoute.Draw, CodeRoute.BestDraw, CodeRoute.Mean, CodeRoute.Mode }) Assert.Equal([0, 1, 5], result.Codes.Where(codes => codes.Route == route).Select(codes => codes.Steps));
        foreach (var route in new[] { CodeRoute.Fista, CodeRoute.CoordinateDescent }) Assert.Equal([1, 5], result.Codes.Where(codes => codes.Route == route).Select(codes => codes.Steps));
        Assert.All(result.Codes.Where(codes => codes.Route != CodeRoute.ZeroCode), codes => Assert.InRange(codes.MicrosecondsPerSample, 0.001, 1e6));
    }

    [Theory]
    [InlineData("fista", DrawSelection.Max, 3, 0)]
    [InlineData("laplacian", DrawSelection.Average, 3, 3)]
    [InlineData("laplacian", DrawSelection.Max, 1, 4)]
    public void Only_ways_that_the_run_has_are_measured(string method, DrawSelection selection, int samples, int starts)
    {
        using var folder = Trained(method, selection, samples);
        var result = CodeBenchmark.Run(folder, Brief with { Steps = [0] });
        Assert.Equal(starts + 2, result.Codes.Count);
        if (samples == 1) Assert.Equal(20, result.Draws);
    }

    [Fact]
    public void Codes_are_on_the_front_unless_others_are_as_good_and_as_fast()
    {
        var result = Result((1, 5), (2, 4), (2, 5), (3, 4), (4, 1), (5, 2), (4, 1));
        Assert.Equal([true, true, false, false, true, false, true], result.Codes.Select(result.IsOnFront));
        Assert.Equal(["on_front", "true", "true", "false", "false", "true", "false", "true"], result.ToCsv().TrimEnd().Split('\n').Select(line => line.Split(',')[^1]));
        Assert.Equal([true, true, false, false, true, false, true], result.ToJson()["codes"]!.AsArray().Select(codes => (bool)codes!["on_front"]!));
    }

    [Fact]
    public void A_number_out_of_range_or_a_run_without_a_checkpoint_is_refused()
    {
        using var folder = Trained();
        foreach (var options in new[] { Brief with { Steps = [] }, Brief with { Steps = [-1] }, Brief with { Rounds = 0 }, Brief with { BatchSize = 0 }, Brief with { Draws = 0 }, Brief with { Threads = -1 } })
            Assert.Throws<InvalidInputException>(() => CodeBenchmark.Run(folder, options));
        using var empty = RunFolder.Create(scratch.File("empty"), SmallModels.OfMatrix(scratch, "thresholded-laplacian"));
        Assert.Contains("no checkpoint", Assert.Throws<InvalidInputException>(() => CodeBenchmark.Run(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_dictionary_is_refused()
    {
        using var folder = RunFolder.Create(scratch.File("images"), Presets.FashionMnist.Resolve("thresholded-gaussian", Fidelity.Equations));
        string message = Assert.Throws<InvalidInputException>(() => CodeBenchmark.Run(folder)).Message;
        Assert.Contains("convolutional generator", message, StringComparison.Ordinal);
        Assert.Contains("dictionary", message, StringComparison.Ordinal);
    }

    private static CodeBenchmarkResult Result(params (double Time, double Objective)[] points) => new()
    {
        Experiment = new(),
        SampleCount = 1,
        Draws = 1,
        BatchSize = 1,
        Threads = 1,
        Rounds = 1,
        Codes = [.. points.Select((point, i) => new MeasuredCodes(CodeRoute.Fista, i, new(point.Objective, 0, 0, 0, 20, 1e-3), point.Time))],
    };
}
