using System.CommandLine;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Onnx;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc reproduce`: the paper's tables and figures, and the document about kept results.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var targets = new Argument<string[]>("targets") { Description = $"what to reproduce: {string.Join(", ", ReproductionPlan.Targets.Select(target => target.Name))}, or all (those of section 4.1)", Arity = ArgumentArity.ZeroOrMore, HelpName = "TARGET" };
        var schedule = new Option<string>("--schedule") { Description = "length of the runs: paper, compact or smoke", HelpName = "SCHEDULE", DefaultValueFactory = _ => ReproductionSchedule.Compact.Name };
        var seeds = new Option<string>("--seeds") { Description = "seeds, separated by commas", HelpName = "SEEDS", DefaultValueFactory = _ => string.Join(',', ReproductionPlan.Seeds) };
        var images = new Option<string?>("--images") { Description = "images to learn from, as in 'vsc train'", HelpName = "PATH" };
        var data = new Option<string?>("--data") { Description = "'natural-images' (embedded: the default) or a matrix (.npy), as in 'vsc train'", HelpName = "PATH" };
        var root = new Option<string?>("--data-root") { Description = "where the files of fashion-mnist or celeba are, for the targets about them; see 'vsc data'", HelpName = "FOLDER" };
        var skip = new Option<bool>("--skip-bad-images") { Description = "leave out images of CelebA that are damaged, instead of refusing the set" };
        var shard = new Option<string?>("--shard") { Description = "do the I-th of N equal shares of the runs, as in a job array: 1/4 to 4/4; tables come when a call without it finds all results", HelpName = "I/N" };
        var output = new Option<string?>("--output", "-o") { Description = "where runs, results, tables and figures go; by default runs/reproduction-SCHEDULE", HelpName = "FOLDER" };
        var threads = new Option<int>("--threads") { Description = "threads of new runs; 0 takes one per core", HelpName = "COUNT" };
        var onlyMeasure = new Option<bool>("--only-measure") { Description = "train nothing: measure the runs whose training is finished, and leave out the others" };
        var network = new Option<string?>("--feature-network") { Description = "a feature network (.onnx), such as an export of Inception-v3, for the Frechet distances of images; by default a small classifier for fashion-mnist and none for celeba", HelpName = "FILE" };
        var pixels = new Option<PixelNormalisation>("--feature-pixels") { Description = "what that network takes for pixels: None ([0, 1]), ImageNet (mean and deviation of ImageNet) or Symmetric ([-1, 1])", HelpName = "SCALE" };
        var defaults = new MeasurementOptions();
        var passes = new Option<int>("--snr-passes") { Description = "passes behind gradients' signal-to-noise ratios (the paper's: 1000)", HelpName = "COUNT", DefaultValueFactory = _ => defaults.SignalPasses };
        var batches = new Option<int>("--snr-batches") { Description = "batches behind gradients' signal-to-noise ratios (the paper's: 160)", HelpName = "COUNT", DefaultValueFactory = _ => defaults.SignalBatches };
        var command = new Command("reproduce", "run what is missing of the paper's tables and figures, measure it, and write them beside the published numbers")
        {
            targets, schedule, seeds, images, data, root, skip, shard, output, threads, onlyMeasure, passes, batches, network, pixels, Report(),
        };
        command.SetAction((parsed, cancellation) =>
        {
            var wanted = ReproductionPlan.Find(parsed.GetValue(targets)!);
            if (wanted.Count == 0) throw new InvalidInputException("name a target, such as table1, or all; 'vsc reproduce --help' lists them.");
            var chosen = ReproductionSchedule.Find(parsed.GetValue(schedule)!);
            ulong[] numbers = Seeds(parsed.GetValue(seeds)!);
            int count = parsed.GetValue(threads);
            if (count is < 0 or > 1024) throw new InvalidInputException($"--threads {count}: must lie between 0 (one per core) and 1024.");
            var options = defaults with { SignalPasses = parsed.GetValue(passes), SignalBatches = parsed.GetValue(batches) };
            options.Validate();
            var folder = new ReproductionFolder(parsed.GetValue(output) ?? Path.Combine("runs", $"reproduction-{chosen.Name}"), chosen);
            string files = parsed.GetValue(root) is { } given ? Path.GetFullPath(given) : "";
            var runs = ReproductionPlan.Runs(wanted, chosen, numbers, Source(parsed.GetValue(images), parsed.GetValue(data)), files, parsed.GetValue(skip));
            var writer = parsed.InvocationConfiguration.Output;
            using IFeatureNetwork? features = parsed.GetValue(network) is { } model ? OnnxFeatureNetwork.Open(model, new() { Normalisation = parsed.GetValue(pixels) }) : null;
            string? share = parsed.GetValue(shard);
            var results = Reproduction.Run(folder, share is null ? runs : Share(runs, share), options, parsed.GetValue(onlyMeasure) ? null : count, features, writer, cancellation);
            if (share is not null) return Task.FromResult(ExitCode.Done);
            if (results.Count == 0) throw new InvalidInputException($"{folder.Root}: no run of these targets is finished; leave out --only-measure to train them.");
            ReproductionReport.Write(folder, wanted, results, numbers);
            writer.WriteLine($"page        {Path.Combine(folder.Root, ReproductionReport.Page)}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Every N-th run, so that long and short ones are spread over the shares.</summary>
    private static IReadOnlyList<PlannedRun> Share(IReadOnlyList<PlannedRun> runs, string share) =>
        share.Split('/') is [var left, var right] && int.TryParse(left, System.Globalization.CultureInfo.InvariantCulture, out int number)
        && int.TryParse(right, System.Globalization.CultureInfo.InvariantCulture, out int count) && number >= 1 && number <= count
            ? [.. runs.Where((_, index) => index % count == number - 1)]
            : throw new InvalidInputException($"--shard {share}: must be I/N with 1 <= I <= N, such as 1/4.");

    private static Command Report()
    {
        var results = new Option<string>("--results") { Description = "the folder of results, as 'vsc reproduce' writes them", HelpName = "FOLDER", DefaultValueFactory = _ => "docs/reproduction/results" };
        var output = new Option<string>("--output", "-o") { Description = "the document (.md); its figures go to a folder of its name", HelpName = "FILE", DefaultValueFactory = _ => "docs/reproduction.md" };
        var runs = new Option<string?>("--runs") { Description = "the folder of the runs, to draw their dictionaries; without it the pictures that are there stay", HelpName = "FOLDER" };
        var command = new Command("report", "write the Markdown document about kept results, with verdicts on the paper's claims") { results, output, runs };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(results)!, to = parsed.GetValue(output)!;
            if (Path.GetExtension(to) != ".md") throw new InvalidInputException($"--output {to}: must end in .md.");
            var all = RunResult.ReadAll(from);
            if (all.Count == 0) throw new InvalidInputException($"{from}: holds no results (.json); name a folder as 'vsc reproduce' writes it.");
            ReproductionDocument.Write(to, all, parsed.GetValue(runs), $"vsc reproduce report --results {from} --output {to}");
            parsed.InvocationConfiguration.Output.WriteLine(to);
            return ExitCode.Done;
        });
        return command;
    }

    private static ulong[] Seeds(string text)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ulong[] seeds = [.. words.Select(word => ulong.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out ulong seed) ? seed
            : throw new InvalidInputException($"--seeds {text}: '{word}' is no whole number of at least 0."))];
        return seeds.Length > 0 && seeds.Distinct().Count() == seeds.Length ? seeds : throw new InvalidInputException($"--seeds {text}: name at least one seed, and none twice.");
    }

    private static string Source(string? images, string? data) => images is not null && data is not null
        ? throw new InvalidInputException("--images and --data name the same thing: give one of them.")
        : ExperimentOptions.Source(images ?? data ?? DataOptions.NaturalImages);
}
