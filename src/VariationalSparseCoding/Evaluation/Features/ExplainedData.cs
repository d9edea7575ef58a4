using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Which rows explain features.</summary>
/// <param name="Source">The data; null for those that the run was trained on.</param>
/// <param name="Tensor">Which tensor, array, column or layer of the data's files; null for the only one, or that of the run's data.</param>
/// <param name="LabelFile">A text with one label for each row; null for those that come with the data.</param>
internal readonly record struct ExplainedChoice(string? Source = null, string? Tensor = null, string? LabelFile = null);

/// <summary>
/// The rows by which features are explained, and what is known of them. The data of a run are all rows of its source, held-out ones included; of data sets that go by a name the training samples.
/// </summary>
internal sealed class ExplainedData : IDisposable
{
    // Folders of images may have many.
    private const int MostFiles = 1_000_000;

    private readonly IDisposable owner;
    private readonly string files;

    private ExplainedData(string source, ISampleSet samples, IDisposable owner, string files) => (Source, Samples, this.owner, this.files) = (source, samples, owner, files);

    /// <summary>The data.</summary>
    public string Source { get; }

    /// <summary>The rows, preprocessed.</summary>
    public ISampleSet Samples { get; }

    /// <summary>What the rows are; null if nobody knows.</summary>
    public RowNotes? Notes { get; private set; }

    /// <summary>The labels of the rows; null if they have none.</summary>
    public RowLabels? Labels { get; private set; }

    /// <summary>Opens the rows.</summary>
    /// <param name="model">The model whose features are explained.</param>
    /// <param name="data">What it was trained on.</param>
    /// <param name="choice">Which rows.</param>
    /// <exception cref="InvalidInputException">They cannot be read, or do not fit the model.</exception>
    public static ExplainedData Open(SparseCodingModel model, DataOptions data, ExplainedChoice choice)
    {
        string source = choice.Source ?? data.Source;
        var kind = DataSources.Require(source);
        ExplainedData opened;
        if (kind.IsPath || kind.HasPatches || choice.Source is not null)
        {
            var samples = DataSets.OpenForEncoding(source, model.Preprocessing, new(null, choice.Tensor ?? (choice.Source is null ? data.Tensor : "")));
            opened = new(source, samples, samples, FilesOf(source));
        }
        else
        {
            var split = DataSets.Open(data, model.Experiment.Seed);
            opened = new(source, split.Train, split, $"{data.Root}\n{data.TrainSamples}\n{data.ImageSize}") { Labels = split.Labels is { } known ? new(known.Names, known.Train) : null };
        }
        try
        {
            opened.Describe(choice.LabelFile);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A hash of all that an index of these rows depends on: the model's file, names, sizes and times of the data's files, and the labels.</summary>
    /// <param name="checkpoint">The model's file.</param>
    /// <param name="choice">Which rows.</param>
    public string Hash(string checkpoint, ExplainedChoice choice)
    {
        string model = InputFile.Read(checkpoint, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));
        string labels = choice.LabelFile is { } file ? Convert.ToHexStringLower(SHA256.HashData(InputFile.ReadBytes(file))) : Labels is null ? "" : "own";
        return HashOf($"{model}\n{Source}\n{choice.Tensor}\n{Samples.Count}\n{labels}\n{files}");
    }

    /// <summary>The name of the file that holds the index of these rows: the same whenever the same data are named.</summary>
    /// <param name="choice">Which rows.</param>
    public static string FileName(ExplainedChoice choice) => choice.Source is null ? "own-data.safetensors" : $"{HashOf($"{Path.GetFullPath(choice.Source)}\n{choice.Tensor}")[..16]}.safetensors";

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        Notes?.Dispose();
        owner.Dispose();
    }

    private void Describe(string? labelFile)
    {
        Notes = RowNotes.Open(Source);
        if (Notes is { } notes && notes.Rows != Samples.Count)
            throw InputFile.Malformed(RowNotes.FileOf(Source)!, $"it describes {notes.Rows} rows where the store has {Samples.Count}", "collect the store to its end, or anew");
        if (labelFile is not null) Labels = RowLabels.Read(labelFile, Samples.Count);
        else if (Notes is { HasLabels: true }) Labels = RowLabels.Of(Notes.Labels(), RowNotes.FileOf(Source)!);
    }

    private static string FilesOf(string source)
    {
        string[] found;
        if (Directory.Exists(source))
        {
            // Of a folder of rows, only those: whatever else changes there changes no row.
            bool isStore = StoreFiles.AreIn(source);
            found = [.. Directory.EnumerateFiles(source).Where(file => !isStore || RowFormats.HasEnding(file) || Path.GetExtension(file) is ".json" or ".bin").Take(MostFiles)];
        }
        else found = StoreFiles.IsPattern(source) ? [.. StoreFiles.Of(source)] : [source];
        return string.Join('\n', found.Order(StringComparer.Ordinal).Select(file => new FileInfo(file)).Where(file => file.Exists).Select(Resolved)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
    }

    private static FileInfo Resolved(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target : file;

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
