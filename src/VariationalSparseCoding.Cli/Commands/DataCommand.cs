using System.CommandLine;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc data`: the data sets that can be had by name.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var command = new Command("data", "list or get data sets") { Olshausen(), NaturalImages() };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine("""
                natural-images  ten 512 x 512 grey photographs of nature, embedded ('vsc data natural-images' exports them)
                olshausen       the ten whitened images of Olshausen & Field (1996), downloaded by 'vsc data olshausen'

                Your own data: 'vsc train --images FOLDER' (PNG, JPEG, WebP), 'vsc train --images IMAGES.mat',
                'vsc train --data MATRIX.npy' (rows are samples).
                """);
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
            ImageFiles.ExportEmbedded(folder);
            parsed.InvocationConfiguration.Output.WriteLine($"{folder}: ten images and ATTRIBUTION.md");
            return ExitCode.Done;
        });
        return command;
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
