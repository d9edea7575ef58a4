using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>What a model is given, sample by sample: texts, images, rows of a matrix. It can be read several times, with the same result.</summary>
internal abstract class CollectionInput : IDisposable
{
    /// <summary>Samples in all.</summary>
    public abstract int Count { get; }

    /// <summary>What the samples are, for messages: "texts".</summary>
    public abstract string Noun { get; }

    /// <summary>Everything that decides about the rows, for the store's description: two inputs with equal descriptions give equal rows.</summary>
    public abstract JsonObject Description { get; }

    /// <summary>What <see cref="Notes"/> know of a row.</summary>
    public abstract RowColumns Columns { get; }

    /// <summary>Makes sure that a model takes this input.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidInputException">It does not.</exception>
    public abstract void Bind(ActivationModel model);

    /// <summary>Returns the windows, in the order of the samples.</summary>
    /// <param name="mostPositions">Positions after which a window ends; it has one sample at least.</param>
    public abstract IEnumerable<InputWindow> Windows(int mostPositions);

    /// <summary>Returns what is known of each row, in the order of the rows.</summary>
    /// <param name="rowsOf">Returns which positions of a sample became rows; the argument is what <see cref="InputWindow.Kept"/> said.</param>
    public abstract IEnumerable<RowNote> Notes(Func<Positions?, Positions> rowsOf);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
