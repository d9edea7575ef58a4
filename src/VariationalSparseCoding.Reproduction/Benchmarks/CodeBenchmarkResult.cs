using System.Globalization;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>A way to codes. The first four begin with the inference network and go on with FISTA steps.</summary>
internal enum CodeRoute
{
    /// <summary>A single draw.</summary>
    Draw,
    /// <summary>The best of J draws.</summary>
    BestDraw,
    /// <summary>The posterior's mean.</summary>
    Mean,
    /// <summary>The posterior's mode.</summary>
    Mode,
    /// <summary>FISTA steps from zero.</summary>
    Fista,
    /// <summary>Passes of coordinate descent from zero.</summary>
    CoordinateDescent,
    /// <summary>The fastest solver, to a relative duality gap of 1e-6.</summary>
    Converged,
    /// <summary>The code of zeros, which takes no time.</summary>
    ZeroCode,
}

/// <summary>Codes of one way, measured.</summary>
/// <param name="Route">The way.</param>
/// <param name="Steps">FISTA steps, or passes of coordinate descent; 0 where the way has none.</param>
/// <param name="Terms">The objective's terms, means over the samples.</param>
/// <param name="MicrosecondsPerSample">Time per sample in microseconds, the median over the rounds.</param>
internal sealed record MeasuredCodes(CodeRoute Route, int Steps, SparseCodingObjective Terms, double MicrosecondsPerSample);

/// <summary>Objective and time of codes on one dictionary.</summary>
internal sealed record CodeBenchmarkResult
{
    /// <summary>The run's description.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>Number of validation samples, N.</summary>
    public required int SampleCount { get; init; }

    /// <summary>J of the best draw.</summary>
    public required int Draws { get; init; }

    /// <summary>Samples that were encoded at a time, B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Measured rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>All codes, way by way, the steps of each ascending.</summary>
    public required IReadOnlyList<MeasuredCodes> Codes { get; init; }

    /// <summary>Whether codes are on the Pareto front: none is at least as good and as fast, and better in one of the two.</summary>
    /// <param name="codes">Codes of this result.</param>
    public bool IsOnFront(MeasuredCodes codes) => !Codes.Any(other => other.Terms.Value <= codes.Terms.Value && other.MicrosecondsPerSample <= codes.MicrosecondsPerSample
        && (other.Terms.Value < codes.Terms.Value || other.MicrosecondsPerSample < codes.MicrosecondsPerSample));

    /// <summary>What codes are called in tables and figures.</summary>
    /// <param name="route">The way.</param>
    public string Name(CodeRoute route) => route switch
    {
        CodeRoute.Draw => "one draw",
        CodeRoute.BestDraw => $"best of {Draws} draws",
        CodeRoute.Mean => "posterior mean",
        CodeRoute.Mode => "posterior mode",
        CodeRoute.Fista => "FISTA from zero",
        CodeRoute.CoordinateDescent => "coordinate descent from zero",
        CodeRoute.Converged => "active set, converged",
        _ => "all-zero code",
    };

    /// <summary>The result under flat names, as <see cref="RunEvaluation.ToJson"/> has them: objective, and objective_table1 with 1e-3 ||A||_F^2.</summary>
    public JsonObject ToJson() => new()
    {
        ["method"] = Experiment.Method,
        ["fidelity"] = ExperimentJson.Name(Experiment.Fidelity),
        ["seed"] = Experiment.Seed,
        ["lambda"] = Experiment.Objective.Lambda,
        ["validation_samples"] = SampleCount,
        ["draws"] = Draws,
        ["batch_size"] = BatchSize,
        ["threads"] = Threads,
        ["rounds"] = Rounds,
        ["dictionary_squared_norm"] = Codes[0].Terms.SquaredFrobeniusNorm,
        ["codes"] = new JsonArray([.. Codes.Select(JsonNode (codes) => new JsonObject
        {
            ["codes"] = ExperimentJson.Name(codes.Route),
            ["steps"] = codes.Steps,
            ["objective"] = codes.Terms.Value,
            ["objective_table1"] = codes.Terms.ValueWithFrobenius,
            ["active_fraction"] = codes.Terms.ActiveFraction,
            ["microseconds_per_sample"] = codes.MicrosecondsPerSample,
            ["on_front"] = IsOnFront(codes),
        })]),
    };

    /// <summary>The codes as a table with a row each; columns are named as in <see cref="ToJson"/>.</summary>
    public string ToCsv() => Csv.File("codes,steps,objective,objective_table1,active_fraction,microseconds_per_sample,on_front", Codes.Select(codes => Csv.Line(
        ExperimentJson.Name(codes.Route), codes.Steps.ToString(CultureInfo.InvariantCulture), Text(codes.Terms.Value), Text(codes.Terms.ValueWithFrobenius),
        Text(codes.Terms.ActiveFraction), Text(codes.MicrosecondsPerSample), IsOnFront(codes) ? "true" : "false")));

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
