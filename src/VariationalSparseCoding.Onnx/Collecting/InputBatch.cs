using Microsoft.ML.OnnxRuntime;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Positions of a sample that follow each other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Positions(int First, int Count);

/// <summary>What a model is given at once.</summary>
/// <param name="Places">Which samples of the window these are, [B].</param>
/// <param name="Values">Values by the names of the model's inputs; disposed with the batch.</param>
/// <param name="Length">Positions of each sample, padding included; null if the model decides.</param>
internal sealed record InputBatch(IReadOnlyList<int> Places, IReadOnlyDictionary<string, OrtValue> Values, int? Length) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in Values.Values) value.Dispose();
    }
}
