using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc bench`: how long a training step, MAP inference and codes take on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "measure the training step, the MAP solvers and codes on this machine") { Step(), DeepStep(), Map(), BenchCodesCommand.Create() };

    private static Command Step()
    {
        var defaults = new StepBenchmarkOptions();
        var method = new Option<string>("--method") { Description = "a variational method; see 'vsc methods'", DefaultValueFactory = _ => defaults.Method, HelpName = "METHOD" };
        var samples = Whole("--samples", "J", "samples drawn per input", defaults.Samples);
        var batch = Whole("--batch-size", "COUNT", "inputs per step", defaults.BatchSize);
        var atoms = Whole("--atoms", "COUNT", "number of dictionary atoms", defaults.Atoms);
        var input = Whole("--input-size", "COUNT", "size of an input", defaults.InputSize);
        var threads = Whole("--threads", "COUNT", "threads; 0 takes one per core", defaults.Threads);
        var precision = new Option<string>("--precision") { Description = "of the inference network's products: fp32 or bf16", DefaultValueFactory = _ => ExperimentJson.Name(defaults.Precision), HelpName = "PRECISION" };
        var steps = Whole("--steps", "COUNT", "measured steps", defaults.Steps);
        var json = Json();
        var command = new Command("step", "time warm training steps, their parts, and the floor: the bare inference network in plain libtorch")
        {
            method, samples, batch, atoms, input, threads, precision, steps, json,
        };
        command.SetAction(parsed =>
        {
            var options = new StepBenchmarkOptions
            {
                Method = parsed.GetValue(method)!,
                Samples = parsed.GetValue(samples),
                BatchSize = parsed.GetValue(batch),
                Atoms = parsed.GetValue(atoms),
                InputSize = parsed.GetValue(input),
                Threads = parsed.GetValue(threads),
                Precision = Precision(parsed.GetValue(precision)!),
                Steps = parsed.GetValue(steps),
            };
            var result = StepBenchmark.Run(options);
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(json), new JsonObject
            {
                ["method"] = options.Method,
                ["samples"] = options.Samples,
                ["batch_size"] = options.BatchSize,
                ["atoms"] = options.Atoms,
                ["input_size"] = options.InputSize,
                ["threads"] = result.Threads,
                ["precision"] = ExperimentJson.Name(options.Precision),
                ["median_ms"] = result.MedianMilliseconds,
                ["floor_ms"] = result.FloorMilliseconds,
                ["parts_ms"] = new JsonObject(result.Parts.Select(part => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(part.Key.ToString()), (JsonNode?)part.Value))),
                ["active_fraction"] = result.ActiveFraction,
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command DeepStep()
    {
        var defaults = new DeepStepBenchmarkOptions();
        var method = new Option<string>("--method") { Description = "a variational method; see 'vsc methods'", DefaultValueFactory = _ => defaults.Method, HelpName = "METHOD" };
        var samples = Whole("--samples", "J", "samples drawn per image", defaults.Samples);
        var batch = Whole("--batch-size", "COUNT", "images per step", defaults.BatchSize);
        var features = Whole("--atoms", "COUNT", "number of latent features", defaults.Features);
        var size = Whole("--image-size", "PIXELS", "rows and columns of an image: 28 (grey) or 64 (colour)", defaults.ImageSize);
        var threads = Whole("--threads", "COUNT", "threads; 0 takes one per core", defaults.Threads);
        var precision = new Option<string>("--precision") { Description = "of convolutions where samples are screened: fp32 or bf16; where all are differentiated it is fp32", DefaultValueFactory = _ => ExperimentJson.Name(defaults.Precision), HelpName = "PRECISION" };
        var steps = Whole("--steps", "COUNT", "measured steps of each kind", defaults.Steps);
        var json = Json();
        var command = new Command("deep-step", "time training steps of a convolutional generator: samples screened and the best differentiated, beside all differentiated")
        {
            method, samples, batch, features, size, threads, precision, steps, json,
        };
        command.SetAction(parsed =>
        {
            var options = new DeepStepBenchmarkOptions
            {
                Method = parsed.GetValue(method)!,
                Samples = parsed.GetValue(samples),
                BatchSize = parsed.GetValue(batch),
                Features = parsed.GetValue(features),
                ImageSize = parsed.GetValue(size),
                Threads = parsed.GetValue(threads),
                Precision = Precision(parsed.GetValue(precision)!),
                Steps = parsed.GetValue(steps),
            };
            var result = DeepStepBenchmark.Run(options);
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(json), new JsonObject
            {
                ["method"] = options.Method,
                ["samples"] = options.Samples,
                ["batch_size"] = options.BatchSize,
                ["latent_features"] = options.Features,
                ["image_size"] = options.ImageSize,
                ["threads"] = result.Threads,
                ["precision"] = ExperimentJson.Name(options.Precision),
                ["selected_ms"] = result.SelectedMilliseconds,
                ["all_ms"] = result.AllMilliseconds,
                ["all_to_selected"] = result.AllMilliseconds / result.SelectedMilliseconds,
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Map()
    {
        var dictionary = new Option<string>("--dictionary") { Description = "the dictionary [D, d], .npy", HelpName = "FILE", Required = true };
        var patches = new Option<string>("--patches") { Description = "the samples [N, D], .npy", HelpName = "FILE", Required = true };
        var solver = new Option<string>("--solver")
        {
            Description = "one of " + string.Join(", ", MapSolvers.Names),
            DefaultValueFactory = _ => ExperimentJson.Name(MapSolvers.Fastest),
            HelpName = "SOLVER",
        };
        var lambda = new Option<double>("--lambda") { Description = "weight of the 1-norm", DefaultValueFactory = _ => 20, HelpName = "LAMBDA" };
        var gap = new Option<double>("--gap") { Description = "relative duality gap at which a sample is done", DefaultValueFactory = _ => 1e-6, HelpName = "GAP" };
        var threads = Whole("--threads", "COUNT", "threads; 0 takes one per core", 0);
        var rounds = Whole("--rounds", "COUNT", "measured solves of all samples, at least; more where they take less than a second", 10);
        var json = Json();
        var command = new Command("map", "time MAP inference of a matrix of samples to a relative duality gap") { dictionary, patches, solver, lambda, gap, threads, rounds, json };
        command.SetAction(parsed =>
        {
            var options = new MapOptions { Lambda = parsed.GetValue(lambda), RelativeGapTolerance = parsed.GetValue(gap), Threads = parsed.GetValue(threads) };
            var result = MapBenchmark.Run(parsed.GetValue(dictionary)!, parsed.GetValue(patches)!, MapSolvers.Parse(parsed.GetValue(solver)!), options, parsed.GetValue(rounds));
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(json), new JsonObject
            {
                ["solver"] = parsed.GetValue(solver),
                ["lambda"] = options.Lambda,
                ["relative_gap"] = options.RelativeGapTolerance,
                ["samples"] = result.Samples,
                ["median_ms"] = result.MedianMilliseconds,
                ["microseconds_per_sample"] = 1000 * result.MedianMilliseconds / result.Samples,
                ["samples_per_second"] = 1000 * result.Samples / result.MedianMilliseconds,
                ["mean_objective"] = result.MeanObjective,
                ["maximum_relative_gap"] = result.MaximumRelativeGap,
                ["converged_fraction"] = result.ConvergedFraction,
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static ComputePrecision Precision(string name)
    {
        var all = Enum.GetValues<ComputePrecision>();
        return all.Any(precision => ExperimentJson.Name(precision) == name)
            ? all.First(precision => ExperimentJson.Name(precision) == name)
            : throw new InvalidInputException($"--precision: '{name}' is none of {string.Join(", ", all.Select(precision => ExperimentJson.Name(precision)))}.");
    }

    private static void Print(TextWriter output, bool asJson, JsonObject result)
    {
        if (asJson) output.WriteLine(result.ToJsonString(new() { WriteIndented = true }));
        else PrintLines(output, result, "");
    }

    private static void PrintLines(TextWriter output, JsonObject result, string indent)
    {
        foreach (var (key, value) in result)
        {
            string name = indent + key.Replace('_', ' ');
            if (value is JsonObject section)
            {
                output.WriteLine(name);
                PrintLines(output, section, indent + "  ");
            }
            else output.WriteLine($"{name,-26}{(value is JsonValue number && number.TryGetValue(out double real) ? real.ToString("G5", CultureInfo.InvariantCulture) : value)}");
        }
    }

    private static Option<int> Whole(string name, string value, string description, int byDefault) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => byDefault };

    private static Option<bool> Json() => new("--json") { Description = "print JSON" };
}
