using System.Runtime.InteropServices;
using System.Text;

namespace VariationalSparseCoding.Onnx.Tests;

/// <summary>Tiny ONNX models, written as the protocol buffers of the format (field numbers of onnx.proto3).</summary>
/// <param name="type">Element type of inputs and outputs.</param>
internal sealed class OnnxModel(int type = OnnxModel.Float)
{
    public const int Float = 1, Int64 = 7, Bool = 9;

    private const int AttributeInt = 2, AttributeGraph = 5;

    private readonly List<byte[]> nodes = [], weights = [], inputs = [], outputs = [];

    /// <summary>An input; dimensions below 1 are free.</summary>
    public OnnxModel Input(string name, params int[] shape) => InputOf(type, name, shape);

    /// <summary>An input of another type.</summary>
    public OnnxModel InputOf(int elementType, string name, params int[] shape)
    {
        inputs.Add(Field(11, Value(elementType, name, shape)));
        return this;
    }

    public OnnxModel Output(string name, params int[] shape)
    {
        outputs.Add(Field(12, Value(type, name, shape)));
        return this;
    }

    public OnnxModel Node(string operation, string input, string output) => Node(operation, [input], output);

    /// <summary>A node of several inputs, with attributes that <see cref="Whole"/> or <see cref="Subgraph"/> made.</summary>
    public OnnxModel Node(string operation, string[] read, string output, params byte[][] attributes)
    {
        nodes.Add(Field(1, [.. read.SelectMany(input => Field(1, input)), .. Field(2, output), .. Field(4, operation), .. attributes.SelectMany(attribute => Field(5, attribute))]));
        return this;
    }

    /// <summary>An attribute that is a whole number.</summary>
    public static byte[] Whole(string name, int value) => [.. Field(1, name), .. Number(3, value), .. Number(20, AttributeInt)];

    /// <summary>An attribute that is a graph, such as a branch.</summary>
    public static byte[] Subgraph(string name, OnnxModel model) => [.. Field(1, name), .. Field(6, model.Graph()), .. Number(20, AttributeGraph)];

    /// <summary>Weights of float32.</summary>
    public OnnxModel Weights(string name, float[] values, params int[] shape) => Weights(name, Float, MemoryMarshal.AsBytes<float>(values).ToArray(), shape);

    /// <summary>Whole numbers, such as axes.</summary>
    public OnnxModel Weights(string name, params long[] values) => Weights(name, Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>Weights of any type, little endian.</summary>
    public OnnxModel Weights(string name, int elementType, byte[] values, int[] shape)
    {
        weights.Add(Field(5, [.. shape.SelectMany(size => Number(1, size)), .. Number(2, elementType), .. Field(8, name), .. Field(9, values)]));
        return this;
    }

    /// <summary>Weights of float32 in a file beside the model.</summary>
    public OnnxModel WeightsBeside(string name, string file, params int[] shape)
    {
        byte[] entry = [.. Field(1, "location"), .. Field(2, file)];
        weights.Add(Field(5, [.. shape.SelectMany(size => Number(1, size)), .. Number(2, Float), .. Field(8, name), .. Field(13, entry), .. Number(14, 1)]));
        return this;
    }

    public void Write(string path) => File.WriteAllBytes(path, Bytes());

    public byte[] Bytes() => [.. Number(1, 8), .. Field(7, Graph()), .. Field(8, [.. Field(1, ""), .. Number(2, 13)])];

    private byte[] Graph() =>
        [.. nodes.SelectMany(bytes => bytes), .. Field(2, "graph"), .. weights.SelectMany(bytes => bytes), .. inputs.SelectMany(bytes => bytes), .. outputs.SelectMany(bytes => bytes)];

    private static byte[] Value(int elementType, string name, int[] shape)
    {
        byte[] dimensions = [.. shape.SelectMany((size, axis) => Field(1, size > 0 ? Number(1, size) : Field(2, $"free{axis}")))];
        byte[] tensor = [.. Number(1, elementType), .. Field(2, dimensions)];
        return [.. Field(1, name), .. Field(2, Field(1, tensor))];
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [.. Variable((ulong)(number << 3 | 2)), .. Variable((ulong)content.Length), .. content];

    private static byte[] Number(int number, int value) => [.. Variable((ulong)(number << 3)), .. Variable((ulong)value)];

    private static List<byte> Variable(ulong value)
    {
        List<byte> bytes = [];
        for (; value > 127; value >>= 7) bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return bytes;
    }
}
