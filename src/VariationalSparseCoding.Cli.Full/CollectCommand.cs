using System.CommandLine;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Onnx;
using VariationalSparseCoding.Onnx.Collecting;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`collect`: the activations of another network, as a store to train on.</summary>
internal sealed class CollectCommand
{
    private const int LeastTokens = WordPiece.SpecialTokens + 1, MostTokens = 1 << 16, MostInBatch = 1 << 12, MostThreads = 1024, MostPixels = 4096;
    private const long BytesOfMegabyte = 1 << 20, MostMegabytes = 2047;

    private readonly PathArgument model = new("model") { Description = "the network: an ONNX file of less than 2 GB; weights may lie in files beside it" };
    private readonly OutputOption output = new("--output", "-o") { Description = "the store's folder, new or one of the same collection that was stopped; of several tensors each has a folder in it", HelpName = "FOLDER" };
    private readonly Option<bool> list = new("--list") { Description = "list the network's tensors with their shapes and the weights they are made with, and end" };
    private readonly ListOption tensors = new("--tensor") { Description = "the tensors to collect, hidden ones too", HelpName = "NAMES" };
    private readonly PathOption text = new("--text") { Description = "give the network texts: a file with one text a line, or a table (.csv, .tsv; see --column)", HelpName = "FILE" };
    private readonly PathOption vocabulary = new("--vocabulary") { Description = "the vocabulary of the network's WordPiece tokens (vocab.txt)", HelpName = "FILE" };
    private readonly Option<string?> column = new("--column") { Description = "the column of the texts in a table", HelpName = "NAME" };
    private readonly Option<string?> labelColumn = new("--label-column") { Description = "the column of their labels, which the store keeps beside the rows", HelpName = "NAME" };
    private readonly Option<bool> cased = new("--cased") { Description = "keep capitals and accents, as cased models want" };
    private readonly Option<int> mostTokens = new("--most-tokens") { Description = "tokens of a text at most, the special ones included; what is behind them is cut off", HelpName = "COUNT", DefaultValueFactory = _ => 256 };
    private readonly Option<bool> noSpecialTokens = new("--no-special-tokens") { Description = "leave out the rows of [CLS] and [SEP]" };
    private readonly PathOption images = new("--images") { Description = "give the network the images of a folder: of each the largest square in its middle, resized", HelpName = "FOLDER" };
    private readonly Option<int?> imageSize = new("--image-size") { Description = "rows and columns of the resized images, where the network does not say them", HelpName = "PIXELS" };
    private readonly Option<string?> normalise = new("--normalise") { Description = "what the network is given for pixels in [0, 1]: none (themselves, the default), imagenet (less ImageNet's mean, over its deviation) or symmetric (2 x - 1)", HelpName = "HOW" };
    private readonly PathOption input = new("--input") { Description = "give the network the rows of a matrix (.npy)", HelpName = "FILE" };
    private readonly Option<string> pool = new("--pool") { Description = "none (a row for each token or position), mean or first (a row for each text or image)", HelpName = "HOW", DefaultValueFactory = _ => "none" };
    private readonly Option<string> type = new("--type") { Description = "the type of the stored values: float32 or float16", HelpName = "TYPE", DefaultValueFactory = _ => StoreDescription.Float32 };
    private readonly Option<int> shardSize = new("--shard-size") { Description = "megabytes of a shard, which is also what is collected again after a stop", HelpName = "MB", DefaultValueFactory = _ => (int)(StoreWriter.DefaultShardBytes / BytesOfMegabyte) };
    private readonly Option<long?> rows = new("--rows") { Description = "end after this number of rows; by default all", HelpName = "COUNT" };
    private readonly Option<int> batchSize = new("--batch-size") { Description = "texts, images or rows that the network is given at once", HelpName = "COUNT", DefaultValueFactory = _ => 32 };
    private readonly Option<int> threads = new("--threads") { Description = "number of threads; 0 uses one per core", HelpName = "COUNT" };

    public static Command Create(CommandSet set)
    {
        var options = new CollectCommand();
        var command = new Command("collect", "Run another network over texts, images or vectors, and store the activations of its layers as data to train on.")
        {
            options.model, options.output, options.list, options.tensors,
            options.text, options.vocabulary, options.column, options.labelColumn, options.cased, options.mostTokens, options.noSpecialTokens,
            options.images, options.imageSize, options.normalise, options.input,
            options.pool, options.type, options.shardSize, options.rows, options.batchSize, options.threads,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(options.list)) List(parsed.GetValue(options.model)!, writer);
            else options.Collect(set, parsed, writer, cancellationToken);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void List(string model, TextWriter writer)
    {
        foreach (var tensor in ActivationModel.List(model)) writer.WriteLine(tensor.ToString());
    }

    private void Collect(CommandSet set, ParseResult parsed, TextWriter writer, CancellationToken cancellationToken)
    {
        var options = Options(set, parsed);
        using var given = Input(parsed);
        var stores = RowProgress.Run(writer, progress => ActivationCollector.Run(options, given, new Translated(progress), cancellationToken));
        foreach (var store in stores)
        {
            string before = store.RowsBefore == store.Rows ? ", complete already" : store.RowsBefore > 0 ? FormattableString.Invariant($", {store.RowsBefore} of them from before") : "";
            writer.WriteLine(FormattableString.Invariant($"{store.Folder}: {store.Rows} rows of {store.Dimension} values of {store.Tensor}{before}; train on them with '{set.Name} train --data {store.Folder}'"));
        }
    }

    private CollectOptions Options(CommandSet set, ParseResult parsed)
    {
        string path = parsed.GetValue(model)!;
        var names = tensors.Values(parsed);
        if (names.Count == 0) throw new InvalidInputException($"--tensor: name the tensors to collect; '{set.Name} collect {path} --list' lists them.");
        if (names.Distinct().Count() < names.Count) throw new InvalidInputException("--tensor: a tensor is named twice; name it once.");
        return new()
        {
            Model = path,
            Tensors = names,
            Folder = parsed.GetValue(output) ?? throw new InvalidInputException("--output: name the folder of the store."),
            Pooling = parsed.GetValue(pool) switch
            {
                "none" => Pooling.None,
                "mean" => Pooling.Mean,
                "first" => Pooling.First,
                var other => throw new InvalidInputException($"--pool {other}: must be none, mean or first."),
            },
            Type = parsed.GetValue(type) is StoreDescription.Float32 or StoreDescription.Float16 ? parsed.GetValue(type)!
                : throw new InvalidInputException($"--type {parsed.GetValue(type)}: must be {StoreDescription.Float32} or {StoreDescription.Float16}."),
            ShardBytes = Within(parsed, shardSize, 1, MostMegabytes) * BytesOfMegabyte,
            MostRows = parsed.GetValue(rows) is { } most ? most >= 1 ? most : throw new InvalidInputException($"--rows {most}: must be at least 1.") : null,
            Threads = (int)Within(parsed, threads, 0, MostThreads),
        };
    }

    private CollectionInput Input(ParseResult parsed)
    {
        (PathOption Input, Option[] Own)[] inputs = [(text, [vocabulary, column, labelColumn, cased, mostTokens, noSpecialTokens]), (images, [imageSize, normalise]), (input, [])];
        var chosen = inputs.Where(entry => parsed.GetValue(entry.Input) is not null).ToList();
        if (chosen.Count != 1) throw new InvalidInputException("--text, --images and --input say what the network is given: give one of them.");
        foreach (var (other, own) in inputs.Where(entry => entry.Input != chosen[0].Input))
            if (own.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } unused) throw new InvalidInputException($"{unused.Name}: belongs to {other.Name}, and {chosen[0].Input.Name} is given; leave it out.");
        int batch = (int)Within(parsed, batchSize, 1, MostInBatch);
        if (parsed.GetValue(text) is { } file)
            return new TextInput(new(file, parsed.GetValue(column), parsed.GetValue(labelColumn)), new()
            {
                Vocabulary = parsed.GetValue(vocabulary) ?? throw new InvalidInputException("--vocabulary: texts become numbers of tokens; name the network's vocab.txt."),
                IsCased = parsed.GetValue(cased),
                MostTokens = (int)Within(parsed, mostTokens, LeastTokens, MostTokens),
                KeepsSpecialTokens = !parsed.GetValue(noSpecialTokens),
                BatchSize = batch,
            });
        if (parsed.GetValue(images) is { } folder)
            return new ImageFolderInput(folder, parsed.GetValue(imageSize) is { } size ? (int)Within(imageSize, size, 1, MostPixels) : null, Normalisation(parsed.GetValue(normalise)), batch);
        return new MatrixInput(parsed.GetValue(input)!, batch);
    }

    private static PixelNormalisation Normalisation(string? name) => name switch
    {
        null or "none" => PixelNormalisation.None,
        "imagenet" => PixelNormalisation.ImageNet,
        "symmetric" => PixelNormalisation.Symmetric,
        _ => throw new InvalidInputException($"--normalise {name}: must be none, imagenet or symmetric."),
    };

    private static long Within(ParseResult parsed, Option<int> option, long least, long most) => Within(option, parsed.GetValue(option), least, most);

    private static long Within(Option option, long value, long least, long most) =>
        value >= least && value <= most ? value : throw new InvalidInputException($"{option.Name} {value}: must be from {least} to {most}.");

    /// <summary>The library's progress in the console's words.</summary>
    private sealed class Translated(IProgress<RowsDone> progress) : IProgress<CollectProgress>
    {
        public void Report(CollectProgress value) => progress.Report(new(value.Fraction, value.Rows));
    }
}
