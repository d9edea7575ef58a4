using VariationalSparseCoding.Data;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Evaluation;

/// <summary>A row that has a feature, with what is known of it.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Value">The feature's value.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Note">What the row is; null if nobody knows.</param>
/// <param name="Context">The row's token in its text, or the text; null if there is none.</param>
internal sealed record ExplainedRow(int Row, float Value, IReadOnlyList<string> Labels, RowNote? Note, RowContext? Context);

/// <summary>A feature with rows that have it.</summary>
/// <param name="View">What is known of it.</param>
/// <param name="Top">The rows that activate it most.</param>
/// <param name="Range">Rows drawn from the whole range of its magnitude, greatest first.</param>
internal sealed record ExplainedFeature(FeatureView View, IReadOnlyList<ExplainedRow> Top, IReadOnlyList<ExplainedRow> Range);

/// <summary>A run with the rows by which its features are explained, and their index, which is made where there is none that fits.</summary>
internal sealed class ExplainedRun : IDisposable
{
    private readonly ExplainedChoice choice;
    private readonly string checkpoint;
    private FeatureIndex? index;

    private ExplainedRun(RunFolder folder, string checkpoint, SparseCodingModel model, ExplainedData data, ExplainedChoice choice) =>
        (Folder, this.checkpoint, Model, Data, this.choice) = (folder, checkpoint, model, data, choice);

    /// <summary>The run.</summary>
    public RunFolder Folder { get; }

    /// <summary>The model of its newest checkpoint.</summary>
    public SparseCodingModel Model { get; }

    /// <summary>The rows.</summary>
    public ExplainedData Data { get; }

    /// <summary>The index.</summary>
    /// <exception cref="InvalidOperationException">It was not looked for yet.</exception>
    public FeatureIndex Index => index ?? throw new InvalidOperationException("The index was not looked for yet.");

    /// <summary>Opens a run and rows. The index is not looked for yet.</summary>
    /// <param name="folder">The run, which stays the caller's.</param>
    /// <param name="choice">Which rows.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, or the rows cannot be read or do not fit it.</exception>
    public static ExplainedRun Open(RunFolder folder, ExplainedChoice choice)
    {
        var (checkpoint, file) = folder.RequireNewestCheckpoint();
        var model = ModelFile.Model(checkpoint, file, folder.Experiment.Compute.Device);
        try
        {
            return new(folder, checkpoint, model, ExplainedData.Open(model, folder.Experiment.Data, choice), choice);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Reads the index that is kept beside the run, or makes it and keeps it. Where it cannot be kept, the run's <see cref="RunFolder.Notice"/> says so.</summary>
    /// <param name="make">Is given what makes it, and runs that; it says how far the work is.</param>
    /// <param name="cancellationToken">Stops the making; nothing is kept then.</param>
    /// <exception cref="InvalidInputException">A row cannot be read or encoded.</exception>
    public void Prepare(Func<Func<IProgress<IndexProgress>, FeatureIndex>, FeatureIndex> make, CancellationToken cancellationToken = default)
    {
        string path = Path.Combine(Folder.FeatureFolder, ExplainedData.FileName(choice)), hash = Data.Hash(checkpoint, choice);
        if (FeatureIndex.Read(path, hash) is { } known && known.Features == Model.Atoms)
        {
            index = known;
            return;
        }
        index = make(progress => FeatureIndex.Make(Model, Data.Samples, Data.Labels, progress, cancellationToken));
        try
        {
            index.Save(path, hash);
        }
        catch (Exception problem) when (problem is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            Folder.Notice?.Invoke($"the index of features is not kept, and is made again next time: {problem.Message}");
        }
    }

    /// <summary>Explains a feature.</summary>
    /// <param name="feature">Its number.</param>
    /// <param name="examples">How many rows are shown, at most: of those that activate it most, and half as many of its range.</param>
    /// <exception cref="InvalidInputException">What is known of the rows cannot be read.</exception>
    public ExplainedFeature Explain(int feature, int examples)
    {
        var view = Index[feature];
        FeatureValue[] top = [.. view.Top.Take(examples)], range = Spread(view.Range, (examples + 1) / 2);
        var contexts = Data.Notes is { } notes ? RowContext.Of(notes, top.Concat(range).Select(value => (long)value.Row)) : [];
        return new(view, [.. top.Select(Row)], [.. range.Select(Row)]);

        ExplainedRow Row(FeatureValue value)
        {
            var (note, context) = contexts.GetValueOrDefault(value.Row);
            return new(value.Row, value.Value, Data.Labels is { } labels ? [.. labels.Of(value.Row)] : [], note, context);
        }
    }

    /// <summary>Closes model and rows.</summary>
    public void Dispose()
    {
        Data.Dispose();
        Model.Dispose();
    }

    // Evenly, the greatest first.
    private static FeatureValue[] Spread(IReadOnlyList<FeatureValue> values, int count) => values.Count <= count ? [.. values.Reverse()]
        : [.. Enumerable.Range(0, count).Select(place => values[values.Count - 1 - (int)((long)place * (values.Count - 1) / Math.Max(1, count - 1))])];
}
