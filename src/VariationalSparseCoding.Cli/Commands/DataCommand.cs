using System.CommandLine;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Images;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc data`: the data sets that can be had by name.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var command = new Command("data", "list or get data sets") { Olshausen(), NaturalImages(), Fashion(), Faces() };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine("Data sets, for 'vsc train --data NAME':");
            foreach (var source in DataSources.All.Where(source => source is { IsPath: false, Name: not DataOptions.Memory })) output.WriteLine($"  {source.Name,-16}{source.Summary}");
            output.WriteLine("Your own data, for 'vsc train --data PATH':");
            foreach (var source in DataSources.All.Where(source => source.IsPath)) output.WriteLine($"  {source.Name,-16}{source.Summary}");
            output.WriteLine("'vsc data natural-images' exports the embedded images; 'vsc data olshausen' and 'vsc data fashion-mnist' download images,");
            output.WriteLine("and 'vsc data celeba --root FOLDER' prepares CelebA's official files.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Olshausen()
    {
        var output = new Option<string>("--output", "-o") { Description = "where to put the file", HelpName = "FILE", DefaultValueFactory = _ => "IMAGES.mat" };
        var command = new Command("olshausen", "download Olshausen & Field's whitened images and check their hash") { output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(output)!;
            var writer = parsed.InvocationConfiguration.Output;
            using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
            await OlshausenImages.DownloadAsync(client, path, new DownloadProgress(writer), cancellation);
            await writer.WriteLineAsync($"{path}: complete; train on it with 'vsc train --images {path}'");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command NaturalImages()
    {
        var output = new Option<string>("--output", "-o") { Description = "the folder to write to", HelpName = "FOLDER", DefaultValueFactory = _ => "natural-images" };
        var command = new Command("natural-images", "export the embedded images with their attribution") { output };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            Images.NaturalImages.Export(folder);
            parsed.InvocationConfiguration.Output.WriteLine($"{folder}: ten images and ATTRIBUTION.md");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Fashion()
    {
        var root = new Option<string>("--root") { Description = "the folder that holds the files, or where to put them; by default the cache folder, or that of Debian's package", HelpName = "FOLDER", DefaultValueFactory = _ => "" };
        var command = new Command("fashion-mnist", "find or download the four files of Fashion-MNIST and check their hashes") { root };
        command.SetAction(async (parsed, cancellation) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string given = parsed.GetValue(root)!;
            using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
            string folder = await FashionMnistDownload.GetAsync(client, given, new DownloadProgress(writer), cancellation);
            await writer.WriteLineAsync($"{folder}: all four files, complete; {Advice(new() { Source = DataOptions.FashionMnist, Root = given })}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Faces()
    {
        var root = new Option<string>("--root") { Description = "the folder that holds img_align_celeba (or its .zip), list_eval_partition.txt and list_attr_celeba.txt", HelpName = "FOLDER", Required = true };
        var size = new Option<int>("--image-size") { Description = "rows and columns of the resized images; by default 64", HelpName = "PIXELS" };
        var skip = new Option<bool>("--skip-bad-images") { Description = "leave out images that are damaged, instead of refusing the set" };
        var command = new Command("celeba", "check the official files of CelebA, and crop and resize the images once for all runs") { root, size, skip };
        command.SetAction((parsed, cancellation) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string folder = parsed.GetValue(root)!;
            var options = new DataOptions { Source = DataOptions.CelebA, Root = folder, ImageSize = parsed.GetValue(size), SkipBadImages = parsed.GetValue(skip) };
            var summary = WorkProgress.Run(writer, "images", progress => CelebA.Prepare(options, progress, cancellation));
            string skipped = summary.Skipped == 0 ? "" : $"; {summary.Skipped} damaged left out";
            writer.WriteLine($"{folder}: {summary.Train} training and {summary.Test} test images with {summary.Attributes} attributes{skipped}");
            writer.WriteLine($"{summary.CacheFile}: the resized images; {Advice(options)}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Advice(DataOptions options)
    {
        string root = options.Root == "" ? "" : $" --data-root {options.Root}", size = options.ImageSize == 0 ? "" : $" --image-size {options.ImageSize}";
        return $"train on them with 'vsc train --data {options.Source}{root}{size}{(options.SkipBadImages ? " --skip-bad-images" : "")}'";
    }

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
