using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench`: how long a training step, MAP inference and codes take on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create(CommandSet set) =>
        new("bench", "Measure training steps, MAP solvers and codes on this machine.") { Step(set), DeepStep(set), Map(), BenchCodesCommand.Create(set), BenchDefaultsCommand.Create(set), BenchRobustnessCommand.Create(set), BenchFeaturesCommand.Create(set), BenchActivationsCommand.Create(set) };

    private static Command Step(CommandSet set)
    {
        var defaults = new StepBenchmarkOptions();
        var atoms = Whole("--atoms", "COUNT", "number of dictionary atoms", defaults.Atoms);
        var input = Whole("--input-size", "COUNT", "size of an input", defaults.InputSize);
        var command = new Command("step", "Time training steps and their phases, and compare with a lower bound: the inference network alone in libtorch.");
        var settings = new StepSettings(command, set, defaults, ("input", atoms, input, "of the inference network's matrix products: fp32 or bf16", "measured steps"));
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = settings.Of(parsed);
            var result = StepBenchmark.Run(options, cancellationToken);
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(settings.Json), new JsonObject
            {
                ["method"] = options.Method,
                ["draws"] = options.Draws,
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
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command DeepStep(CommandSet set)
    {
        var defaults = DeepStepBenchmark.Defaults;
        var features = Whole("--atoms", "COUNT", "number of latent features", defaults.Atoms);
        var size = Whole("--image-size", "PIXELS", "rows and columns of an image: 28 (grey) or 64 (colour)", defaults.InputSize);
        var command = new Command("deep-step", "Time training steps of a convolutional generator in two ways: screening the draws and differentiating the best, or differentiating all.");
        var settings = new StepSettings(command, set, defaults,
            ("image", features, size, "of convolutions in the step that screens its draws: fp32 or bf16; the other step always uses fp32", "measured steps of each kind"));
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = settings.Of(parsed);
            var result = DeepStepBenchmark.Run(options, cancellationToken);
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(settings.Json), new JsonObject
            {
                ["method"] = options.Method,
                ["draws"] = options.Draws,
                ["batch_size"] = options.BatchSize,
                ["latent_features"] = options.Atoms,
                ["image_size"] = options.InputSize,
                ["threads"] = result.Threads,
                ["precision"] = ExperimentJson.Name(options.Precision),
                ["selected_ms"] = result.SelectedMilliseconds,
                ["all_ms"] = result.AllMilliseconds,
                ["all_to_selected"] = result.AllMilliseconds / result.SelectedMilliseconds,
            });
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>The options that both kinds of step have.</summary>
    private sealed class StepSettings
    {
        private readonly Option<string> method, precision;
        private readonly Option<int> draws, batch, atoms, size, threads, steps;

        public StepSettings(Command command, CommandSet set, StepBenchmarkOptions defaults, (string Input, Option<int> Atoms, Option<int> Size, string Precision, string Steps) own)
        {
            (atoms, size) = (own.Atoms, own.Size);
            method = new("--method") { Description = $"a variational method; see '{set.Name} methods'", DefaultValueFactory = _ => defaults.Method, HelpName = "METHOD" };
            draws = Draws($"draws per {own.Input}", defaults.Draws);
            batch = Whole("--batch-size", "COUNT", $"{own.Input}s per step", defaults.BatchSize);
            threads = Whole("--threads", "COUNT", "number of threads; 0 uses one per core", defaults.Threads);
            precision = new("--precision") { Description = own.Precision, DefaultValueFactory = _ => ExperimentJson.Name(defaults.Precision), HelpName = "PRECISION" };
            steps = Whole("--steps", "COUNT", own.Steps, defaults.Steps);
            foreach (Option option in new Option[] { method, draws, batch, atoms, size, threads, precision, steps, Json }) command.Add(option);
        }

        public Option<bool> Json { get; } = BenchCommand.Json();

        public StepBenchmarkOptions Of(ParseResult parsed) => new()
        {
            Method = parsed.GetValue(method)!,
            Draws = parsed.GetValue(draws),
            BatchSize = parsed.GetValue(batch),
            Atoms = parsed.GetValue(atoms),
            InputSize = parsed.GetValue(size),
            Threads = parsed.GetValue(threads),
            Precision = Precision(parsed.GetValue(precision)!),
            Steps = parsed.GetValue(steps),
        };
    }

    private static Command Map()
    {
        var dictionary = new PathOption("--dictionary") { Description = "the dictionary, a [D, d] matrix (.npy)", HelpName = "FILE", Required = true };
        var patches = new PathOption("--patches") { Description = "the samples, an [N, D] matrix (.npy)", HelpName = "FILE", Required = true };
        var solver = new Option<string>("--solver")
        {
            Description = "one of " + string.Join(", ", MapSolvers.Names),
            DefaultValueFactory = _ => ExperimentJson.Name(MapSolvers.Fastest),
            HelpName = "SOLVER",
        };
        var lambda = new Option<double>("--lambda") { Description = "weight of the l1 norm", DefaultValueFactory = _ => 20, HelpName = "LAMBDA" };
        var gap = new Option<double>("--gap") { Description = "relative duality gap at which a sample counts as solved", DefaultValueFactory = _ => 1e-6, HelpName = "GAP" };
        var threads = Whole("--threads", "COUNT", "number of threads; 0 uses one per core", 0);
        var rounds = Whole("--rounds", "COUNT", "how often all samples are solved, at least; more often if that takes less than a second", 10);
        var json = Json();
        var command = new Command("map", "Time MAP inference of a matrix of samples down to a relative duality gap.") { dictionary, patches, solver, lambda, gap, threads, rounds, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new MapOptions { Lambda = parsed.GetValue(lambda), RelativeGapTolerance = parsed.GetValue(gap), Threads = parsed.GetValue(threads) };
            var result = MapBenchmark.Run(parsed.GetValue(dictionary)!, parsed.GetValue(patches)!, MapSolvers.Parse(parsed.GetValue(solver)!), options, parsed.GetValue(rounds), cancellationToken);
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
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static ComputePrecision Precision(string name)
    {
        var all = Enum.GetValues<ComputePrecision>();
        return all.Any(precision => ExperimentJson.Name(precision) == name)
            ? all.First(precision => ExperimentJson.Name(precision) == name)
            : throw new InvalidInputException($"--precision: '{name}' is not one of {string.Join(", ", all.Select(precision => ExperimentJson.Name(precision)))}.");
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

    private static Option<int> Draws(string description, int byDefault)
    {
        var option = DrawsOption.Create<int>(description);
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    private static Option<bool> Json() => new("--json") { Description = "print JSON instead of lines" };
}
