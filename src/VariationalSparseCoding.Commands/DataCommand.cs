using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images;

namespace VariationalSparseCoding.Commands;

/// <summary>`data`: the data sets that can be named.</summary>
internal static class DataCommand
{
    private static readonly TimeSpan LongestDownload = TimeSpan.FromMinutes(10);

    public static Command Create(CommandSet set)
    {
        var command = new Command("data", "List the data sets, or get one of them.") { Olshausen(set), NaturalImages(), Fashion(set), Faces(set) };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"Data sets, for '{set.Name} train --data NAME':");
            foreach (var source in DataSources.All.Where(source => source is { IsPath: false, Name: not (DataOptions.Memory or DataOptions.Imported) })) output.WriteLine($"  {source.Name,-16}{source.Summary}");
            output.WriteLine($"Your own data, for '{set.Name} train --data PATH':");
            foreach (var source in DataSources.All.Where(source => source.IsPath)) output.WriteLine($"  {source.Name,-16}{source.Summary}");
            output.WriteLine($"'{set.Name} data natural-images' exports the embedded images; '{set.Name} data olshausen' and '{set.Name} data fashion-mnist' download images,");
            output.WriteLine($"'{set.Name} data celeba --root FOLDER' prepares CelebA's official files; '{FullProgram.Name} data minilm' gets a sentence encoder, '{FullProgram.Name} data wordnet' writes texts for it,");
            output.WriteLine($"and '{FullProgram.Name} collect' makes data of both.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Olshausen(CommandSet set)
    {
        var output = new OutputOption("--output", "-o") { Description = "the file to write", HelpName = "FILE", DefaultValueFactory = _ => "IMAGES.mat" };
        var command = new Command("olshausen", "Download Olshausen & Field's whitened images and check their hash.") { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(output)!;
            var writer = parsed.InvocationConfiguration.Output;
            using var client = new HttpClient { Timeout = LongestDownload };
            await OlshausenImages.DownloadAsync(client, path, new DownloadProgress(writer), cancellationToken);
            await writer.WriteLineAsync($"{path}: complete; train on it with '{set.Name} train --images {path}'");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command NaturalImages()
    {
        var output = new OutputOption("--output", "-o") { Description = "the folder to write", HelpName = "FOLDER", DefaultValueFactory = _ => "natural-images" };
        var command = new Command("natural-images", "Export the embedded images with their attribution.") { output };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            Images.NaturalImages.Export(folder);
            parsed.InvocationConfiguration.Output.WriteLine($"{folder}: ten images and ATTRIBUTION.md");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Fashion(CommandSet set)
    {
        var root = new PathOption("--root") { Description = "the folder that holds the files or will receive them; by default the cache folder, or the folder of Debian's package", HelpName = "FOLDER" };
        var command = new Command("fashion-mnist", "Find or download the four files of Fashion-MNIST and check their hashes.") { root };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string given = parsed.GetValue(root) ?? "";
            using var client = new HttpClient { Timeout = LongestDownload };
            string folder = await FashionMnistDownload.GetAsync(client, given, new DownloadProgress(writer), cancellationToken);
            await writer.WriteLineAsync($"{folder}: all four files, complete; {TrainingAdvice(set, new() { Source = DataOptions.FashionMnist, Root = given })}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Faces(CommandSet set)
    {
        var root = new PathOption("--root") { Description = "the folder that holds img_align_celeba (or img_align_celeba.zip), list_eval_partition.txt and list_attr_celeba.txt", HelpName = "FOLDER", Required = true };
        var size = new Option<int>("--image-size") { Description = "rows and columns of the resized images; by default 64", HelpName = "PIXELS" };
        var skip = ExperimentOptions.SkipBadImages();
        var command = new Command("celeba", "Check the official files of CelebA, and crop and resize the images once for all runs.") { root, size, skip };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string folder = parsed.GetValue(root)!;
            var options = new DataOptions { Source = DataOptions.CelebA, Root = folder, ImageSize = parsed.GetValue(size), SkipBadImages = parsed.GetValue(skip) };
            var summary = WorkProgress.Run(writer, "images", progress => CelebA.Prepare(options, progress, cancellationToken));
            string skipped = summary.Skipped == 0 ? "" : $"; skipped {summary.Skipped} damaged";
            writer.WriteLine($"{folder}: {summary.Train} training and {summary.Test} test images with {summary.Attributes} attributes{skipped}");
            writer.WriteLine($"{summary.CacheFile}: the resized images; {TrainingAdvice(set, options)}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string TrainingAdvice(CommandSet set, DataOptions options)
    {
        string root = options.Root == "" ? "" : $" --data-root {options.Root}", size = options.ImageSize == 0 ? "" : $" --image-size {options.ImageSize}";
        return $"train on them with '{FullProgram.Name} train --data {options.Source}{root}{size}{(options.SkipBadImages ? " --skip-bad-images" : "")}'"
            + (set.Name == FullProgram.Name ? "" : $" (package {FullProgram.Package})");
    }

    /// <summary>A line for every few megabytes of a download.</summary>
    private sealed class DownloadProgress(TextWriter writer) : IProgress<long>
    {
        private const long Every = 4 << 20;
        private long told;

        public void Report(long value)
        {
            if (value - told < Every) return;
            told = value;
            writer.WriteLine($"{value >> 20} MiB");
        }
    }
}
