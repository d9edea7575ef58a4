namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Samples that follow each other and whose rows are held in memory at once. They may be given to the model in another order.</summary>
internal abstract class InputWindow
{
    /// <summary>How many samples.</summary>
    public abstract int Count { get; }

    /// <summary>Returns which positions of a sample become rows; null if all that the model gives.</summary>
    /// <param name="place">The sample's place in the window.</param>
    public abstract Positions? Kept(int place);

    /// <summary>Returns the batches; each is disposed by the caller before the next is taken.</summary>
    public abstract IEnumerable<InputBatch> Batches();
}
