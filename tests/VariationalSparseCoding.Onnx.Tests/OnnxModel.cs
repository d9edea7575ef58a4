using System.Text;

namespace VariationalSparseCoding.Onnx.Tests;

/// <summary>Tiny ONNX models, written as the protocol buffers of the format (field numbers of onnx.proto3).</summary>
/// <param name="type">Element type of inputs and outputs.</param>
internal sealed class OnnxModel(int type = OnnxModel.Float)
{
    public const int Float = 1, Int64 = 7;

    private readonly List<byte[]> nodes = [], inputs = [], outputs = [];

    /// <summary>An input; dimensions below 1 are free.</summary>
    public OnnxModel Input(string name, params int[] shape)
    {
        inputs.Add(Field(11, Value(name, shape)));
        return this;
    }

    public OnnxModel Output(string name, params int[] shape)
    {
        outputs.Add(Field(12, Value(name, shape)));
        return this;
    }

    public OnnxModel Node(string operation, string input, string output)
    {
        nodes.Add(Field(1, [.. Field(1, input), .. Field(2, output), .. Field(4, operation)]));
        return this;
    }

    public void Write(string path)
    {
        byte[] graph = [.. nodes.SelectMany(bytes => bytes), .. Field(2, "graph"), .. inputs.SelectMany(bytes => bytes), .. outputs.SelectMany(bytes => bytes)];
        File.WriteAllBytes(path, [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Field(1, ""), .. Number(2, 13)])]);
    }

    private byte[] Value(string name, int[] shape)
    {
        byte[] dimensions = [.. shape.SelectMany((size, axis) => Field(1, size > 0 ? Number(1, size) : Field(2, $"free{axis}")))];
        byte[] tensor = [.. Number(1, type), .. Field(2, dimensions)];
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
