using Microsoft.ML.OnnxRuntime;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Samples of one shape for models with one input of float32.</summary>
/// <param name="batchSize">Samples that the model is given at once.</param>
internal abstract class DenseInput(int batchSize) : CollectionInput
{
    private string name = "";
    private long[] shape = [];

    /// <inheritdoc/>
    public override void Bind(ActivationModel model)
    {
        if (model.Inputs.Count != 1) throw new InvalidInputException($"{model.Path}: the model has {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs.Keys)}) instead of one; export one with a single input.");
        var (input, metadata) = model.Inputs.First();
        if (!metadata.IsTensor || metadata.ElementType != typeof(float) || metadata.Dimensions.Length < 2)
            throw new InvalidInputException($"{model.Path}: the model's input '{input}' is not of float32 [samples, ...]; export another.");
        if (metadata.Dimensions[0] > 0 && metadata.Dimensions[0] != 1)
            throw new InvalidInputException($"{model.Path}: the model takes {metadata.Dimensions[0]} samples at once; export it for any number of them.");
        (name, shape) = (input, Shape(model.Path, metadata.Dimensions.AsSpan(1)));
        // A model for one sample takes them one by one.
        if (metadata.Dimensions[0] == 1) batchSize = 1;
    }

    /// <inheritdoc/>
    public override IEnumerable<InputWindow> Windows(int mostPositions)
    {
        for (int first = 0; first < Count; first += batchSize) yield return new Window(this, first, Math.Min(batchSize, Count - first));
    }

    /// <summary>Returns the shape of a sample.</summary>
    /// <param name="model">The model's file, for messages.</param>
    /// <param name="wanted">The shape that the model takes; what is not above 0 is free.</param>
    /// <exception cref="InvalidInputException">The samples have another.</exception>
    protected abstract long[] Shape(string model, ReadOnlySpan<int> wanted);

    /// <summary>Reads samples that follow each other.</summary>
    /// <param name="first">The first.</param>
    /// <param name="values">Receives them.</param>
    /// <exception cref="InvalidInputException">A sample cannot be read.</exception>
    protected abstract void Read(int first, Span<float> values);

    private sealed class Window(DenseInput input, int first, int count) : InputWindow
    {
        public override int Count => count;

        public override Positions? Kept(int place) => null;

        public override IEnumerable<InputBatch> Batches()
        {
            float[] values = new float[checked((int)input.shape.Aggregate((long)count, (product, size) => product * size))];
            input.Read(first, values);
            yield return new([.. Enumerable.Range(0, count)], new Dictionary<string, OrtValue> { [input.name] = OrtValue.CreateTensorValueFromMemory(values, [count, .. input.shape]) }, Length: null);
        }
    }
}
