using System.Runtime.InteropServices;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>The tensors of another program's file, which are taken one by one and checked against the sizes that the first ones set.</summary>
/// <param name="source">The file.</param>
/// <param name="tensors">What it holds.</param>
internal sealed class SharedTensors(string source, IReadOnlyDictionary<string, StoredTensor> tensors)
{
    private readonly HashSet<string> taken = [];

    /// <summary>How messages name the file.</summary>
    public string Source => source;

    /// <summary>Whether there is a tensor.</summary>
    /// <param name="name">Its name.</param>
    public bool Has(string name) => tensors.ContainsKey(name);

    /// <summary>Returns the sizes of a matrix.</summary>
    /// <param name="name">The tensor.</param>
    /// <exception cref="InvalidInputException">It is missing, or not a matrix.</exception>
    public (int Rows, int Columns) SizeOf(string name) => Find(name).Shape is [>= 1 and <= int.MaxValue and var rows, >= 1 and <= int.MaxValue and var columns] ? ((int)rows, (int)columns)
        : throw Malformed($"its tensor '{name}' is {Find(name).Form}, where a matrix is wanted");

    /// <summary>Requires that settings that repeat sizes agree with the tensors.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="holder">What has the sizes, for the message.</param>
    /// <param name="sizes">A key of the settings, which may be missing, and its size, for each.</param>
    /// <exception cref="InvalidInputException">They contradict each other.</exception>
    public void RequireSizes(CoderConfig config, string holder, params ReadOnlySpan<(string Key, int Size)> sizes)
    {
        foreach (var (key, size) in sizes)
            if (config.Has(key) && config.Count(key) is var said && said != size) throw Malformed($"its settings say {key} = {said}, and its {holder} has {size}");
    }

    /// <summary>Takes a tensor of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have; none for a single number.</param>
    /// <returns>Its values, the last index running fastest.</returns>
    /// <exception cref="InvalidInputException">It is missing, of another shape, or holds values that are not finite.</exception>
    public float[] Take(string name, params ReadOnlySpan<int> shape)
    {
        var tensor = Find(name);
        bool fits = tensor.Shape.Count == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++) fits = tensor.Shape[i] == shape[i];
        if (!fits) throw Malformed($"its tensor '{name}' is {tensor.Form}, where the others say [{string.Join(", ", shape.ToArray())}]");
        float[] values = Floats(tensor);
        if (Widening.IndexOfNonFinite(values) >= 0) throw Malformed($"its tensor '{name}' holds values that are not finite, or too large for float32");
        taken.Add(name);
        return values;
    }

    /// <summary>Takes a tensor and returns it with rows and columns exchanged.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">The rows that it must have.</param>
    /// <param name="columns">The columns that it must have.</param>
    public float[] TakeTransposed(string name, int rows, int columns) => Transpose(Take(name, rows, columns), rows, columns);

    /// <summary>Takes a single number; the last one of a tensor of one element counts as one too.</summary>
    /// <param name="name">Its name.</param>
    public float TakeNumber(string name) => Find(name).Shape.Count == 1 ? Take(name, 1)[0] : Take(name)[0];

    /// <summary>Passes over tensors that say nothing about codes.</summary>
    /// <param name="names">Their names.</param>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names) taken.Add(name);
    }

    /// <summary>Makes sure that nothing was left over: arithmetic that is not known would be left out.</summary>
    /// <param name="kind">What the file is taken for.</param>
    /// <exception cref="InvalidInputException">There are other tensors.</exception>
    public void RequireNoOthers(string kind)
    {
        string[] others = [.. tensors.Keys.Except(taken).Order(StringComparer.Ordinal)];
        if (others.Length > 0) throw new InvalidInputException(PrintableText.Of($"{source}: its tensor '{others[0]}' has no place in the arithmetic of {kind}, so its codes would be others; it was not imported"));
    }

    /// <summary>The exception for a file that is not what it should be.</summary>
    /// <param name="cause">What is wrong.</param>
    public InvalidInputException Malformed(string cause) => InputFile.Malformed(source, cause, "name a dictionary that was saved whole by its program");

    /// <summary>Exchanges rows and columns.</summary>
    /// <param name="values">The matrix, row by row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static float[] Transpose(ReadOnlySpan<float> values, int rows, int columns)
    {
        // In blocks that stay in the nearest cache.
        const int Block = 32;
        float[] transposed = new float[values.Length];
        for (int firstRow = 0; firstRow < rows; firstRow += Block)
            for (int column = 0; column < columns; column++)
                for (int row = firstRow; row < Math.Min(rows, firstRow + Block); row++) transposed[column * rows + row] = values[row * columns + column];
        return transposed;
    }

    private StoredTensor Find(string name) => tensors.TryGetValue(name, out var tensor) ? tensor
        : throw Malformed($"it has no tensor '{name}'{(tensors.Count == 0 ? "" : $" among {string.Join(", ", tensors.Keys.Order(StringComparer.Ordinal).Take(8))}")}");

    private static float[] Floats(StoredTensor tensor)
    {
        var bytes = tensor.Read();
        if (tensor.Type == SafetensorsType.F32) return tensor.Floats.ToArray();
        float[] values = new float[bytes.Length / tensor.Type.Bytes];
        if (tensor.Type == SafetensorsType.F64) Widening.FromDouble(tensor.Doubles, values);
        else if (tensor.Type == SafetensorsType.F16) Widening.FromHalf(MemoryMarshal.Cast<byte, ushort>(bytes), values);
        else if (tensor.Type == SafetensorsType.BF16) Widening.FromBrain(MemoryMarshal.Cast<byte, ushort>(bytes), values);
        else if (tensor.Type == SafetensorsType.I64) Convert(MemoryMarshal.Cast<byte, long>(bytes), values);
        else if (tensor.Type == SafetensorsType.I32) Convert(MemoryMarshal.Cast<byte, int>(bytes), values);
        else Convert(bytes, values);
        return values;
    }

    private static void Convert<T>(ReadOnlySpan<T> numbers, float[] values) where T : System.Numerics.INumber<T>
    {
        for (int i = 0; i < values.Length; i++) values[i] = float.CreateTruncating(numbers[i]);
    }
}
