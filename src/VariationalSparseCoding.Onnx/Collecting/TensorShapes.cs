using Microsoft.ML.OnnxRuntime;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>
/// The shapes of a model's outputs, of which many are not declared: the model is run twice on zeros, and a dimension that differs between the two runs is a free one.
/// </summary>
internal static class TensorShapes
{
    private const string Any = "any";

    // Small, and of no size that a layer is likely to have.
    private static readonly (int First, int Second)[] tokens = [(2, 3), (5, 7), (11, 13)], pixels = [(2, 3), (1, 3), (64, 96), (160, 192)];

    /// <summary>Returns the shapes of the outputs of float32: numbers, or names of what is free. Outputs of other types are left out, and so are those without a known shape where the model does not run on zeros.</summary>
    /// <param name="session">The model.</param>
    public static IReadOnlyDictionary<string, string[]> Of(InferenceSession session)
    {
        string[] names = [.. session.OutputMetadata.Where(output => output.Value.IsTensor && output.Value.ElementType == typeof(float)).Select(output => output.Key)];
        var (sizes, named) = FreeSizes(session.InputMetadata);
        try
        {
            var (first, second) = (Run(session, names, size => sizes[size].First), Run(session, names, size => sizes[size].Second));
            Dictionary<string, string[]> shapes = [];
            for (int i = 0; i < names.Length; i++)
                shapes[names[i]] = [.. first[i].Zip(second[i], (one, other) => one == other ? $"{one}" : named.GetValueOrDefault((one, other), Any))];
            return shapes;
        }
        catch (OnnxRuntimeException)
        {
            return names.ToDictionary(name => name, name => Declared(session.OutputMetadata[name]));
        }
    }

    /// <summary>Describes a tensor's dimensions as the model declares them.</summary>
    /// <param name="tensor">The tensor.</param>
    public static string[] Declared(NodeMetadata tensor) => [.. tensor.Dimensions.Select((size, axis) => size >= 0 ? $"{size}" : NameOf(tensor, axis))];

    /// <summary>Chooses two sizes for each free dimension of the inputs.</summary>
    private static (Dictionary<string, (int First, int Second)> Sizes, Dictionary<(long, long), string> Names) FreeSizes(IReadOnlyDictionary<string, NodeMetadata> inputs)
    {
        Dictionary<string, (int, int)> sizes = [];
        Dictionary<(long, long), string> names = [];
        var choices = inputs.Values.Any(input => input.Dimensions.Length == 4) ? pixels : tokens;
        foreach (var (name, input) in inputs)
            for (int axis = 0; axis < input.Dimensions.Length; axis++)
            {
                if (input.Dimensions[axis] >= 0) continue;
                // The first axis counts samples.
                var size = axis == 0 ? choices[0] : choices[Math.Min(axis, choices.Length - 1)];
                if (sizes.TryAdd(KeyOf(name, input, axis), size)) names.TryAdd((size.Item1, size.Item2), NameOf(input, axis));
            }
        return (sizes, names);
    }

    private static long[][] Run(InferenceSession session, string[] outputs, Func<string, int> sizeOf)
    {
        List<OrtValue> given = [];
        try
        {
            foreach (var (name, input) in session.InputMetadata)
            {
                long[] shape = [.. input.Dimensions.Select((size, axis) => size >= 0 ? size : (long)sizeOf(KeyOf(name, input, axis)))];
                given.Add(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, shape));
                given[^1].GetTensorMutableRawData().Clear();
            }
            using var run = new RunOptions();
            using var values = session.Run(run, [.. session.InputMetadata.Keys], given, outputs);
            return [.. values.Select(value => value.GetTensorTypeAndShape().Shape)];
        }
        finally
        {
            foreach (var value in given) value.Dispose();
        }
    }

    // Dimensions of one name are equal; one without a name is its own.
    private static string KeyOf(string input, NodeMetadata metadata, int axis) => metadata.SymbolicDimensions[axis] is { Length: > 0 } name ? name : $"{input} {axis}";

    private static string NameOf(NodeMetadata tensor, int axis) => tensor.SymbolicDimensions[axis] is { Length: > 0 } name ? name : Any;
}
