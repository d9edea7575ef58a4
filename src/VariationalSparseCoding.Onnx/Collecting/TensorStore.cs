using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>The store of one tensor while it is being written. Rows that it had when it was opened are passed over.</summary>
internal sealed class TensorStore
{
    private readonly string folder, tensor;
    private readonly StoreWriter writer;
    private readonly long most;

    private TensorStore(string folder, string tensor, RowLayout layout, int positions, StoreWriter writer, long most)
    {
        (this.folder, this.tensor, this.writer, this.most) = (folder, tensor, writer, most);
        (Layout, Positions, RowsBefore) = (layout, positions, writer.WrittenRows);
    }

    /// <summary>How rows lie in the tensor.</summary>
    public RowLayout Layout { get; }

    /// <summary>Positions that the tensor has of each sample, where that does not depend on the sample.</summary>
    public int Positions { get; }

    /// <summary>Rows that were there when the store was opened.</summary>
    public long RowsBefore { get; }

    /// <summary>Rows that were appended or passed over.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether no more rows are wanted.</summary>
    public bool IsFull => Rows >= most;

    /// <summary>Whether the store was written to its end before.</summary>
    public bool IsComplete => writer.IsComplete;

    /// <summary>The store as it stands.</summary>
    public CollectedStore Summary => new(folder, tensor, writer.WrittenRows, Layout.Dimension, RowsBefore);

    /// <summary>Begins a store, or goes on with one that was begun in the same way.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="index">Which of its tensors.</param>
    /// <param name="options">How it is stored.</param>
    /// <param name="input">What the model is given.</param>
    /// <param name="probed">How rows lie in the tensor, and its positions.</param>
    /// <exception cref="InvalidInputException">There is something else in the folder, or a store that was begun in another way.</exception>
    public static TensorStore Open(string folder, ActivationModel model, int index, CollectOptions options, CollectionInput input, (RowLayout Layout, int Positions) probed)
    {
        var source = (JsonObject)input.Description.DeepClone();
        source["pool"] = options.Pooling.ToString().ToLowerInvariant();
        source["mostRows"] = options.MostRows;
        StoreDescription description = new()
        {
            Dimension = probed.Layout.Dimension,
            Type = options.Type,
            Model = new(Path.GetFileName(model.Path), model.Sha256),
            Tensor = model.Tensors[index],
            Source = source,
            Created = DateTimeOffset.UtcNow,
        };
        StoreWriter writer;
        if (StoreDescription.IsIn(folder))
        {
            RequireSame(folder, StoreDescription.Read(folder), description);
            writer = StoreWriter.Resume(folder, options.ShardBytes);
        }
        else writer = StoreWriter.Create(folder, description, options.ShardBytes);
        return new(folder, model.Tensors[index], probed.Layout, probed.Positions, writer, options.MostRows ?? long.MaxValue);
    }

    /// <summary>Passes over the rows of a window if the store had them all.</summary>
    /// <param name="window">The window.</param>
    /// <returns>Whether it had; if not, nothing was passed over.</returns>
    public bool Has(InputWindow window) => IsComplete || IsFull || Rows + RowsOf(window) <= RowsBefore;

    /// <summary>Passes over the rows of a window.</summary>
    /// <param name="window">The window.</param>
    public void Pass(InputWindow window) => Rows = Math.Min(most, Rows + RowsOf(window));

    /// <summary>Appends the next rows, but for those that were there.</summary>
    /// <param name="rows">[n, D].</param>
    /// <exception cref="InvalidInputException">A value is not finite, or too large for float16.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (IsComplete) return;
        long wanted = Math.Min(rows.Length / Layout.Dimension, most - Rows), known = Math.Clamp(RowsBefore - Rows, 0, wanted);
        writer.Append(rows.Slice((int)known * Layout.Dimension, (int)(wanted - known) * Layout.Dimension));
        Rows += wanted;
    }

    /// <summary>Writes what the rows are, and marks the store as complete.</summary>
    /// <param name="input">What the model was given.</param>
    /// <exception cref="InvalidInputException">There are no rows.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Complete(CollectionInput input)
    {
        if (IsComplete) return;
        if (Rows == 0) throw new InvalidInputException($"none of the {input.Count} {input.Noun} has a row in the tensor '{tensor}'; keep special tokens, or give other {input.Noun}.");
        RowNotesFile.Write(folder, Notes(input), input.Columns, Layout.HasPositions);
        writer.Complete();
    }

    private IEnumerable<RowNote> Notes(CollectionInput input)
    {
        long left = Rows;
        foreach (var note in input.Notes(kept => Layout.Rows(kept, Positions)))
        {
            if (left-- == 0) yield break;
            yield return note;
        }
    }

    private long RowsOf(InputWindow window)
    {
        long rows = 0;
        for (int place = 0; place < window.Count; place++) rows += Layout.Rows(window.Kept(place), Positions).Count;
        return rows;
    }

    private static void RequireSame(string folder, StoreDescription begun, StoreDescription wanted)
    {
        string? difference = begun.Model?.Sha256 != wanted.Model!.Sha256 ? "model"
            : begun.Tensor != wanted.Tensor ? "tensor"
            : begun.Dimension != wanted.Dimension ? "dimension"
            : begun.Type != wanted.Type ? "type"
            : begun.Source is not { } source ? "source"
            : wanted.Source!.FirstOrDefault(entry => !JsonNode.DeepEquals(entry.Value, source[entry.Key])).Key;
        if (difference is not null)
            throw new InvalidInputException($"{folder}: holds a store that was begun with another {difference} (see {StoreDescription.FileName}); go on with the same, or name a new folder.");
    }
}
