using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Experiments;

public class ExperimentJsonTests
{
    public static IEnumerable<object[]> Methods =>
        from method in MethodTable.All from fidelity in Enum.GetValues<Fidelity>() select new object[] { method.Name, fidelity };

    private static JsonObject Parse(string text) => ExperimentJson.ParseObject("test", Encoding.UTF8.GetBytes(text));

    private static Experiment Resolve(params string[] layers) => ExperimentJson.Resolve("test", [.. layers.Select(Parse)]);

    private static string[] Errors(params string[] layers)
    {
        string[] lines = Assert.Throws<InvalidInputException>(() => Resolve(layers)).Message.Split("\n  ");
        return lines.Length == 1 ? [lines[0]["test: ".Length..]] : lines[1..];
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_is_written_is_read_as_it_was(string method, Fidelity fidelity)
    {
        var experiment = MethodTable.Find(method)!.Defaults(fidelity) with { Seed = ulong.MaxValue, Description = "with \"quotes\", \\ and ä", Objective = new() { Lambda = 0.1 + 0.2 } };
        experiment = experiment with
        {
            Posterior = experiment.Posterior with { InitialHeads = InitialHeads.Prior },
            Schedule = experiment.Schedule with { KlWarmUp = new() { Initial = 0.02, Start = 7, Increment = 1.1e-4 } },
        };
        var read = Resolve(ExperimentJson.ToJson(experiment).ToJsonString(ExperimentJson.Options));
        Assert.Equal(experiment, read);
    }

    [Fact]
    public void Every_setting_is_written()
    {
        string[] paths = [.. ExperimentJson.Settings(new()).Select(setting => setting.Path)];
        Assert.Equal(paths.Length, paths.Distinct().Count());
        foreach (string path in new[] { "method", "seed", "data.source", "posterior.thresholdValue", "schedule.warmUp.start", "schedule.temperature.floor", "compute.threads" }) Assert.Contains(path, paths);
        Assert.Equal("0.25", ExperimentJson.Settings(new()).Single(setting => setting.Path == "posterior.thresholdValue").Value);
    }

    [Fact]
    public void An_empty_object_is_the_default_method() => Assert.Equal(MethodTable.Default.Defaults(), Resolve("{}"));

    [Fact]
    public void Later_layers_win_key_by_key()
    {
        var experiment = Resolve("""{ "seed": 1, "schedule": { "epochs": 7, "warmUp": { "start": 3 } } }""", """{ "seed": 2, "schedule": { "warmUp": { "increment": 0.5 } } }""");
        Assert.Equal((2ul, 7, 3, 0.5, 0.1), (experiment.Seed, experiment.Schedule.Epochs, experiment.Schedule.WarmUp.Start, experiment.Schedule.WarmUp.Increment, experiment.Schedule.WarmUp.Initial));
    }

    [Fact]
    public void A_method_named_by_a_later_layer_sets_the_defaults_under_all_layers()
    {
        var experiment = Resolve("""{ "method": "laplacian", "posterior": { "priorSpread": 0.3 } }""", """{ "method": "thresholded-gaussian", "fidelity": "published" }""");
        Assert.Equal(("gaussian", 0.52, 0.3, ShiftGradient.OnePlusActive),
            (experiment.Posterior.Family.Name, experiment.Posterior.ThresholdValue, experiment.Posterior.PriorSpread, experiment.Posterior.ShiftGradient));
    }

    [Fact]
    public void Layers_are_not_changed()
    {
        var layer = Parse("""{ "metod": 1, "method": "nothing", "posterior": {} }""");
        string before = layer.ToJsonString();
        Assert.Throws<InvalidInputException>(() => ExperimentJson.Resolve("test", layer));
        Assert.Equal(before, layer.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "schedul": {} }""", "schedul: unknown key; did you mean 'schedule'?")]
    [InlineData("""{ "Seed": 1 }""", "Seed: unknown key; did you mean 'seed'?")]
    [InlineData("""{ "posterior": { "prior": 1 } }""", "posterior.prior: unknown key; known are ")]
    [InlineData("""{ "method": "thresholded-laplacian-gama" }""", "method: unknown method 'thresholded-laplacian-gama'; did you mean 'thresholded-laplacian-gamma'?")]
    [InlineData("""{ "method": "lasso" }""", "method: unknown method 'lasso'; known are fista, gaussian, ")]
    [InlineData("""{ "method": 3 }""", "method: must be a text, not 3")]
    [InlineData("""{ "seed": -1 }""", "seed: must be a whole number of at least 0, not -1")]
    [InlineData("""{ "seed": 1.5 }""", "seed: must be a whole number of at least 0, not 1.5")]
    [InlineData("""{ "seed": null }""", "seed: must be a whole number of at least 0, not null")]
    [InlineData("""{ "fidelity": 0 }""", "fidelity: must be one of equations, published, not 0")]
    [InlineData("""{ "fidelity": "Paper" }""", "fidelity: must be one of equations, published, not \"Paper\"")]
    [InlineData("""{ "data": { "standardise": "yes" } }""", "data.standardise: must be one of column, global, none, not \"yes\"")]
    [InlineData("""{ "schedule": { "warmUp": [] } }""", "schedule.warmUp: must be an object, not []")]
    [InlineData("""{ "schedule": { "learningRate": "0.1" } }""", "schedule.learningRate: must be a number, not \"0.1\"")]
    [InlineData("""{ "schedule": { "epochs": 3000000000 } }""", "schedule.epochs: must be a whole number, not 3000000000")]
    [InlineData("""{ "schedule": { "epochs": 0 } }""", "schedule.epochs: must lie between 1 and 100000, not 0")]
    [InlineData("""{ "schedule": { "momentum": 1 } }""", "schedule.momentum: must lie in [0, 1), not 1")]
    [InlineData("""{ "schedule": { "batchSize": 20001 } }""", "schedule.batchSize: 20001 is more than the 20000 training samples")]
    [InlineData("""{ "schedule": { "temperature": { "decay": 0 } } }""", "schedule.temperature.decay: must lie between 1E-12 and 1, not 0")]
    [InlineData("""{ "schedule": { "klWarmUp": { "initial": 1.5 } } }""", "schedule.klWarmUp.initial: must lie between 0 and 1, not 1.5")]
    [InlineData("""{ "schedule": { "klWarmUp": { "start": -1 } } }""", "schedule.klWarmUp.start: must be at least 0, not -1")]
    [InlineData("""{ "schedule": { "klWarmUp": { "increment": 0 } } }""", "schedule.klWarmUp.increment: must be a number above 0, not 0")]
    [InlineData("""{ "schedule": { "klWarmup": {} } }""", "schedule.klWarmup: unknown key; did you mean 'klWarmUp'?")]
    [InlineData("""{ "posterior": { "initialHeads": "zero" } }""", "posterior.initialHeads: must be one of uniform-by-fan-in, prior, not \"zero\"")]
    [InlineData("""{ "objective": { "lambda": -1 } }""", "objective.lambda: must be a number of at least 0, not -1")]
    [InlineData("""{ "posterior": { "spikePrior": 1 } }""", "posterior.spikePrior: must lie between 1E-06 and 0.999999, not 1")]
    [InlineData("""{ "posterior": { "family": "gaussian" } }""", "posterior.family: is fixed by method 'thresholded-laplacian': leave it out")]
    [InlineData("""{ "method": "gaussian", "posterior": { "estimator": "subgradient" } }""", "posterior.estimator: 'subgradient' needs a thresholded method")]
    [InlineData("""{ "posterior": { "estimator": "gumbel-rao" } }""", "posterior.estimator: 'gumbel-softmax' and 'gumbel-rao' need the method 'spike-and-slab'")]
    [InlineData("""{ "method": "fista", "compute": { "device": "cuda" } }""", "compute.device: method 'fista' runs on the processor only; use 'cpu'")]
    [InlineData("""{ "method": "fista", "posterior": { "estimator": "subgradient" } }""", "posterior.estimator: 'subgradient' needs a thresholded method")]
    [InlineData("""{ "method": "fista", "prior": { "kind": "vamp" } }""", "prior.kind: method 'fista' has no prior: leave it out")]
    [InlineData("""{ "compute": { "threads": -1 } }""", "compute.threads: must lie between 0 (one per core) and 1024, not -1")]
    public void A_fault_is_named_with_its_cause(string text, string error) => Assert.StartsWith(error, Assert.Single(Errors(text)), StringComparison.Ordinal);

    public static IEnumerable<object[]> Numbers =>
        from setting in Doubles(typeof(Experiment), "") select new object[] { setting };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_number_is_bounded_at_the_door(string path)
    {
        foreach (double value in new[] { 1e300, 1e7, -1e-300, double.MinValue })
        {
            var layer = new JsonObject();
            ExperimentJson.Set(layer, path, value);
            string message = Assert.Throws<InvalidInputException>(() => ExperimentJson.Resolve("test", layer)).Message;
            Assert.StartsWith($"test: {path}: must ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Theory]
    [InlineData("posterior.thresholdValue")]
    [InlineData("posterior.priorSpread")]
    [InlineData("posterior.gammaPriorShape")]
    [InlineData("posterior.spikePrior")]
    [InlineData("generator.initialNorm")]
    [InlineData("schedule.temperature.floor")]
    [InlineData("schedule.learningRate")]
    public void What_is_divided_by_is_not_nearly_zero(string path)
    {
        var layer = new JsonObject();
        ExperimentJson.Set(layer, path, 1e-300);
        Assert.StartsWith($"test: {path}: must ", Assert.Throws<InvalidInputException>(() => ExperimentJson.Resolve("test", layer)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Doubles(Type section, string prefix) => section.GetProperties().SelectMany(property =>
    {
        string path = prefix + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        return property.PropertyType == typeof(double) ? [path] : property.PropertyType.Namespace == section.Namespace && property.PropertyType.IsClass ? Doubles(property.PropertyType, path + ".") : [];
    });

    [Fact]
    public void All_faults_of_all_layers_are_reported_at_once()
    {
        string[] errors = Errors("""{ "metod": "x", "seed": "one", "schedule": { "epochs": -1, "epoch": 3 } }""", """{ "generator": { "atoms": 0 }, "sampling": 2 }""");
        string[] named = ["metod", "seed", "schedule.epoch", "sampling", "generator.atoms", "schedule.epochs"];
        Assert.Equal(named.Order(StringComparer.Ordinal), errors.Select(error => error.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Under_an_unknown_method_only_what_does_not_depend_on_it_is_judged()
    {
        string[] errors = Errors("""{ "method": "spike-and-slap", "posterior": { "estimator": "gumbel-rao", "spikePior": 1 }, "generator": { "atoms": 0 } }""");
        Assert.Equal(["posterior.spikePior", "method", "generator.atoms"], errors.Select(error => error.Split(':')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{ \"seed\": 1 } { }")]
    [InlineData("{ \"seed\": 1, \"seed\": 1 }")]
    [InlineData("{ \"data\": { \"source\": \"a\", \"source\": \"b\" } }")]
    public void What_is_no_single_object_with_distinct_keys_is_refused_in_one_line(string text)
    {
        string message = Assert.Throws<InvalidInputException>(() => Resolve(text)).Message;
        Assert.StartsWith("test: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("""{ "sampling": { "samples": 7, "evaluationSamples": 50 } }""")]
    [InlineData("""{ "sampling": { "draws": 7, "evaluationSamples": 50 } }""")]
    [InlineData("""{ "sampling": { "draws": 7, "evaluationDraws": 50 } }""")]
    public void Former_names_of_keys_are_read(string text)
    {
        var sampling = Resolve(text).Sampling;
        Assert.Equal((7, 50), (sampling.Draws, sampling.EvaluationDraws));
    }

    [Fact]
    public void A_later_layer_wins_whichever_name_it_has_for_a_key()
    {
        Assert.Equal(3, Resolve("""{ "sampling": { "draws": 7 } }""", """{ "sampling": { "samples": 3 } }""").Sampling.Draws);
        Assert.Equal(3, Resolve("""{ "sampling": { "samples": 7 } }""", """{ "sampling": { "draws": 3 } }""").Sampling.Draws);
    }

    [Theory]
    [InlineData("""{ "sampling": { "samples": 7, "draws": 7 } }""", "sampling.samples: is the former name of 'sampling.draws', which is given too; leave one of them out")]
    [InlineData("""{ "sampling": { "evaluationDraws": 7, "evaluationSamples": 7 } }""", "sampling.evaluationSamples: is the former name of 'sampling.evaluationDraws', which is given too; leave one of them out")]
    [InlineData("""{ "sampling": { "samples": "many" } }""", "sampling.samples: must be a whole number, not \"many\"")]
    [InlineData("""{ "sampling": { "samples": 0 } }""", "sampling.draws: must lie between 1 and 10000, not 0")]
    [InlineData("""{ "sampling": { "drawz": 1 } }""", "sampling.drawz: unknown key; did you mean 'draws'?")]
    public void Faults_of_former_names_are_named(string text, string error) => Assert.Equal(error, Assert.Single(Errors(text)));

    [Fact]
    public void Every_setting_is_a_number_a_truth_value_or_a_text_in_kebab_case()
    {
        var seen = new List<Type>();
        Visit(typeof(Experiment));
        Assert.Contains(typeof(Fidelity), seen);
        Assert.Equal(20, seen.Count);

        void Visit(Type section)
        {
            foreach (var property in section.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(property => property.GetMethod!.IsPublic || property.IsDefined(typeof(JsonIncludeAttribute))))
            {
                var type = property.PropertyType;
                if (type.IsEnum || type == typeof(MethodFamily))
                {
                    seen.Add(type);
                    Assert.All(ExperimentSchema.NamesOf(type)!, name => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name));
                    if (type.IsEnum) Assert.Equal(Enum.GetNames(type).Length, ExperimentSchema.NamesOf(type)!.Count);
                }
                else if (type.IsClass && type != typeof(string)) Visit(type);
                else Assert.Contains(type, new[] { typeof(string), typeof(bool), typeof(int), typeof(double), typeof(ulong) });
            }
        }
    }

    [Fact]
    public void What_is_not_UTF_8_is_refused_in_one_line()
    {
        string message = Assert.Throws<InvalidInputException>(() => ExperimentJson.ParseObject("test", [.. "{\""u8, 0xFF, .. "\":1}"u8])).Message;
        Assert.Equal("test: not valid JSON: the text is not UTF-8; save it in that encoding.", message);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() => Assert.Equal(3, (int)ExperimentJson.ParseObject("test", [0xEF, 0xBB, 0xBF, .. "{ \"seed\": 3 }"u8])["seed"]!);

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() =>
        Assert.Equal(3ul, Resolve("{ // a comment\n /* another */ \"seed\": 3, }").Seed);

    [Fact]
    public void Set_makes_the_sections_on_the_way()
    {
        var layer = new JsonObject();
        ExperimentJson.Set(layer, "schedule.warmUp.start", 3);
        ExperimentJson.Set(layer, "schedule.epochs", 5);
        Assert.Equal("""{"schedule":{"warmUp":{"start":3},"epochs":5}}""", layer.ToJsonString());
    }
}
