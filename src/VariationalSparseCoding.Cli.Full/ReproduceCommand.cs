using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Onnx;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`reproduce`: the paper's tables and figures, and the document about kept results.</summary>
internal static class ReproduceCommand
{
    private const int MostThreads = 1024;

    public static Command Create(CommandSet set)
    {
        var defaults = new MeasurementOptions();
        var targets = new Argument<string[]>("targets") { Description = $"what to reproduce: {string.Join(", ", ReproductionPlan.Targets.Select(target => target.Name))}, or all (the targets of section 4.1)", Arity = ArgumentArity.ZeroOrMore, HelpName = "TARGET" };
        var schedule = new Option<string>("--schedule") { Description = "the length of the runs: paper, compact or smoke", HelpName = "SCHEDULE", DefaultValueFactory = _ => ReproductionSchedule.Compact.Name };
        var seeds = new ListOption("--seeds") { Description = "seeds, joined by commas", HelpName = "SEEDS", DefaultValueFactory = _ => [string.Join(',', ReproductionPlan.Seeds)] };
        var images = new PathOption("--images") { Description = $"images to learn from, as in '{set.Name} train'", HelpName = "PATH" };
        var data = new PathOption("--data") { Description = $"'natural-images' (the default, embedded) or a matrix (.npy), as in '{set.Name} train'", HelpName = "PATH" };
        var root = new PathOption("--data-root") { Description = $"the folder with the files of fashion-mnist or celeba, for targets that need them; see '{set.Name} data'", HelpName = "FOLDER" };
        var skip = ExperimentOptions.SkipBadImages();
        var shard = new Option<string?>("--shard") { Description = "do only the I-th of N equal shares of the runs, as in a job array: 1/4 to 4/4. When all shares are done, a call without --shard writes the tables", HelpName = "I/N" };
        var output = new OutputOption("--output", "-o") { Description = "the folder for runs, results, tables and figures; by default runs/reproduction-SCHEDULE", HelpName = "FOLDER" };
        var threads = new Option<int>("--threads") { Description = "number of threads of new runs; 0 uses one per core", HelpName = "COUNT" };
        var onlyMeasure = new Option<bool>("--only-measure") { Description = "do not train: measure the runs whose training is finished and leave out the others" };
        var network = new PathOption("--feature-network") { Description = "a feature network (.onnx), such as an export of Inception-v3, for the Frechet distances of images; by default a small classifier for fashion-mnist and none for celeba", HelpName = "FILE" };
        var pixels = new Option<PixelNormalisation>("--feature-pixels") { Description = "the pixel values that the feature network expects: None ([0, 1]), ImageNet (ImageNet's mean and deviation) or Symmetric ([-1, 1])", HelpName = "SCALE" };
        var passes = new Option<int>("--snr-passes") { Description = "number of passes for the signal-to-noise ratios of gradients (the paper: 1000)", HelpName = "COUNT", DefaultValueFactory = _ => defaults.SignalPasses };
        var batches = new Option<int>("--snr-batches") { Description = "number of batches for the signal-to-noise ratios of gradients (the paper: 160)", HelpName = "COUNT", DefaultValueFactory = _ => defaults.SignalBatches };
        var command = new Command("reproduce", "Train and measure whatever is missing, then write the paper's tables and figures next to the published numbers.")
        {
            targets, schedule, seeds, images, data, root, skip, shard, output, threads, onlyMeasure, passes, batches, network, pixels, Report(set),
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var wanted = ReproductionPlan.Find([.. parsed.GetValue(targets)!.SelectMany(words => words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]);
            if (wanted.Count == 0) throw new InvalidInputException($"name a target, such as table1, or all; '{set.Name} reproduce --help' lists them.");
            var chosen = ReproductionSchedule.Find(parsed.GetValue(schedule)!);
            ulong[] numbers = Seeds(seeds, parsed);
            int count = parsed.GetValue(threads);
            if (count is < 0 or > MostThreads) throw new InvalidInputException($"--threads {count}: must lie between 0 (one per core) and {MostThreads}.");
            var options = defaults with { SignalPasses = parsed.GetValue(passes), SignalBatches = parsed.GetValue(batches) };
            options.Validate();
            var folder = new ReproductionFolder(parsed.GetValue(output) ?? Path.Combine("runs", $"reproduction-{chosen.Name}"), chosen);
            string files = parsed.GetValue(root) is { } given ? Path.GetFullPath(given) : "";
            var runs = ReproductionPlan.Runs(wanted, chosen, numbers, ExperimentOptions.Source(parsed.GetValue(images), parsed.GetValue(data)), files, parsed.GetValue(skip));
            var writer = parsed.InvocationConfiguration.Output;
            using IFeatureNetwork? features = parsed.GetValue(network) is { } model ? OnnxFeatureNetwork.Open(model, new() { Normalisation = parsed.GetValue(pixels) }) : null;
            string? share = parsed.GetValue(shard);
            var runner = new ReproductionRunner(folder, options, parsed.GetValue(onlyMeasure) ? null : count, features, writer);
            var results = runner.Run(share is null ? runs : Share(runs, share), cancellationToken);
            if (share is not null) return Task.FromResult(ExitCode.Done);
            if (results.Count == 0) throw new InvalidInputException($"{folder.Root}: no run of these targets is finished; leave out --only-measure to train them.");
            ReproductionReport.Write(folder, wanted, results, numbers);
            writer.WriteLine($"page        {Path.Combine(folder.Root, ReproductionReport.Page)}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Returns every N-th run, so that long and short ones are spread over the shares.</summary>
    private static IReadOnlyList<PlannedRun> Share(IReadOnlyList<PlannedRun> runs, string share) =>
        share.Split('/') is [var left, var right] && int.TryParse(left, CultureInfo.InvariantCulture, out int number)
        && int.TryParse(right, CultureInfo.InvariantCulture, out int count) && number >= 1 && number <= count
            ? [.. runs.Where((_, index) => index % count == number - 1)]
            : throw new InvalidInputException($"--shard {share}: must be I/N with 1 <= I <= N, such as 1/4.");

    private static Command Report(CommandSet set)
    {
        var results = new PathOption("--results") { Description = $"the folder of results that '{set.Name} reproduce' wrote", HelpName = "FOLDER", DefaultValueFactory = _ => "docs/reproduction/results" };
        var output = new OutputOption("--output", "-o") { Description = "the document (.md); its figures go to a folder of the same name", HelpName = "FILE", DefaultValueFactory = _ => "docs/reproduction.md" };
        var runs = new PathOption("--runs") { Description = "the folder of the runs, for pictures of their dictionaries; without it the existing pictures stay", HelpName = "FOLDER" };
        var command = new Command("report", "Write a Markdown document about kept results, with verdicts on the paper's claims.") { results, output, runs };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(results)!, to = parsed.GetValue(output)!;
            if (Path.GetExtension(to) != ".md") throw new InvalidInputException($"--output {to}: must end in .md.");
            var all = RunResult.ReadAll(from);
            if (all.Count == 0) throw new InvalidInputException($"{from}: holds no results (.json); name the 'results' folder of '{set.Name} reproduce'.");
            ReproductionDocument.Write(to, all, parsed.GetValue(runs), $"{set.Name} reproduce report --results {from} --output {to}");
            parsed.InvocationConfiguration.Output.WriteLine(to);
            return ExitCode.Done;
        });
        return command;
    }

    private static ulong[] Seeds(ListOption option, ParseResult parsed)
    {
        ulong[] seeds = [.. option.Values(parsed).Select(word => ulong.TryParse(word, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw option.Refuse(word, $"'{word}' is not a whole number of at least 0."))];
        return seeds.Distinct().Count() == seeds.Length ? seeds : throw option.Refuse(string.Join(',', seeds), "a seed is named twice.");
    }
}
