using Google.Protobuf;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>A node of a graph: what it computes of what.</summary>
/// <param name="Operation">The operator, such as MatMul.</param>
/// <param name="Inputs">Names of the tensors it reads, those that its subgraphs read of the graph around them included.</param>
/// <param name="Outputs">Names of the tensors it makes.</param>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>
/// The graph of an ONNX file: as much of the format (field numbers of onnx.proto) as naming its tensors takes, and cutting it down to what some of them need.
/// Weights are not looked at.
/// </summary>
internal sealed class OnnxGraph
{
    private const uint ModelGraph = 7 << 3 | Bytes, Bytes = 2;
    private const uint GraphNode = 1 << 3 | Bytes, GraphInitializer = 5 << 3 | Bytes, GraphInput = 11 << 3 | Bytes, GraphOutput = 12 << 3 | Bytes;
    private const uint NodeInput = 1 << 3 | Bytes, NodeOutput = 2 << 3 | Bytes, NodeOperation = 4 << 3 | Bytes, NodeAttribute = 5 << 3 | Bytes;
    private const uint AttributeGraph = 6 << 3 | Bytes, AttributeGraphs = 11 << 3 | Bytes;
    private const uint TensorName = 8 << 3 | Bytes, ValueName = 1 << 3 | Bytes;
    private const int DeepestSubgraph = 30;

    private readonly byte[] model;
    private readonly string path;
    private readonly List<Piece> besideGraph = [], besideParts = [];
    private readonly List<(OnnxNode Node, Piece Piece)> nodes = [];
    private readonly List<(string Name, Piece Piece)> initializers = [], outputs = [];
    private readonly HashSet<string> inputs = [];

    private OnnxGraph(byte[] model, string path)
    {
        (this.model, this.path) = (model, path);
        try
        {
            using var stream = new CodedInputStream(model);
            foreach (uint tag in Fields(stream, model.Length))
            {
                int begin = BeginOfField(stream, tag);
                if (tag == ModelGraph) ReadGraph(stream);
                else besideGraph.Add(Skip(stream, begin));
            }
        }
        // The library's word for a length beyond the end, or below nothing.
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidOperationException or ArgumentException)
        {
            throw Malformed(failure.Message, failure);
        }
        if (nodes.Count == 0) throw Malformed("it has no graph with nodes");
    }

    /// <summary>The nodes, each after those whose tensors it reads.</summary>
    public IEnumerable<OnnxNode> Nodes => nodes.Select(entry => entry.Node);

    /// <summary>The names of the tensors that nodes make, in the order of the nodes.</summary>
    public IEnumerable<string> Tensors => nodes.SelectMany(entry => entry.Node.Outputs).Where(name => name.Length > 0);

    /// <summary>Whether a tensor is one of the weights in the file.</summary>
    /// <param name="name">The tensor's name.</param>
    public bool IsWeight(string name) => initializers.Exists(entry => entry.Name == name);

    /// <summary>Reads a graph.</summary>
    /// <param name="model">The file's content.</param>
    /// <param name="path">How messages name it.</param>
    /// <exception cref="InvalidInputException">The file is no ONNX model.</exception>
    public static OnnxGraph Read(byte[] model, string path) => new(model, path);

    /// <summary>Returns the model whose outputs are these tensors, without the nodes and weights that none of them needs.</summary>
    /// <param name="tensors">Names of tensors that nodes make.</param>
    /// <exception cref="InvalidInputException">There is no such tensor.</exception>
    public byte[] Cut(IReadOnlyList<string> tensors)
    {
        var (kept, read) = Needed(tensors);
        Piece[] parts =
        [
            .. nodes.Where(entry => kept.Contains(entry.Node)).Select(entry => entry.Piece),
            // In files of old versions weights are inputs too, and one without its value would have to be given.
            .. initializers.Where(entry => read.Contains(entry.Name) || inputs.Contains(entry.Name)).Select(entry => entry.Piece),
            .. besideParts,
        ];
        byte[] named = Outputs(tensors);
        long graph = parts.Sum(part => (long)part.Length) + named.Length;
        using var cut = new MemoryStream();
        foreach (var piece in besideGraph) Copy(piece, cut);
        using (var header = new CodedOutputStream(cut, leaveOpen: true))
        {
            header.WriteTag(ModelGraph);
            header.WriteLength(checked((int)graph));
        }
        foreach (var part in parts) Copy(part, cut);
        cut.Write(named);
        return cut.ToArray();
    }

    private (HashSet<OnnxNode> Nodes, HashSet<string> Read) Needed(IReadOnlyList<string> tensors)
    {
        Dictionary<string, OnnxNode> makers = [];
        foreach (var (node, _) in nodes)
            foreach (string output in node.Outputs) makers[output] = node;
        foreach (string tensor in tensors)
            if (!makers.ContainsKey(tensor)) throw new InvalidInputException($"{path}: no node of the model makes a tensor '{tensor}'; list the model's tensors to see their names.");
        HashSet<OnnxNode> kept = new(ReferenceEqualityComparer.Instance);
        HashSet<string> read = [];
        var open = new Stack<string>(tensors);
        while (open.TryPop(out string? name))
        {
            if (!makers.TryGetValue(name, out var node) || !kept.Add(node)) continue;
            foreach (string input in node.Inputs)
                if (read.Add(input)) open.Push(input);
        }
        return (kept, read);
    }

    // An output that the model does not declare needs its name only: its type and shape follow from the graph.
    private byte[] Outputs(IReadOnlyList<string> tensors)
    {
        using var written = new MemoryStream();
        foreach (string tensor in tensors)
        {
            if (outputs.FirstOrDefault(output => output.Name == tensor) is { Name: not null } declared)
            {
                Copy(declared.Piece, written);
                continue;
            }
            using var field = new CodedOutputStream(written, leaveOpen: true);
            field.WriteTag(GraphOutput);
            field.WriteLength(CodedOutputStream.ComputeTagSize(1) + CodedOutputStream.ComputeStringSize(tensor));
            field.WriteTag(ValueName);
            field.WriteString(tensor);
        }
        return written.ToArray();
    }

    private void ReadGraph(CodedInputStream stream)
    {
        foreach (uint tag in Fields(stream, EndOfMessage(stream)))
        {
            int begin = BeginOfField(stream, tag);
            switch (tag)
            {
                case GraphNode:
                    var node = ReadNode(stream, 0);
                    nodes.Add((node, new(begin, (int)stream.Position)));
                    break;
                case GraphInitializer:
                    initializers.Add((ReadName(stream, TensorName), new(begin, (int)stream.Position)));
                    break;
                case GraphOutput:
                    outputs.Add((ReadName(stream, ValueName), new(begin, (int)stream.Position)));
                    break;
                case GraphInput:
                    inputs.Add(ReadName(stream, ValueName));
                    besideParts.Add(new(begin, (int)stream.Position));
                    break;
                default:
                    besideParts.Add(Skip(stream, begin));
                    break;
            }
        }
    }

    private OnnxNode ReadNode(CodedInputStream stream, int depth)
    {
        List<string> read = [], made = [];
        string operation = "";
        foreach (uint tag in Fields(stream, EndOfMessage(stream)))
        {
            if (tag == NodeInput) read.Add(stream.ReadString());
            else if (tag == NodeOutput) made.Add(stream.ReadString());
            else if (tag == NodeOperation) operation = stream.ReadString();
            else if (tag == NodeAttribute) ReadAttribute(stream, read, depth);
            else stream.SkipLastField();
        }
        return new(operation, read, made);
    }

    private void ReadAttribute(CodedInputStream stream, List<string> read, int depth)
    {
        foreach (uint tag in Fields(stream, EndOfMessage(stream)))
        {
            if (tag is AttributeGraph or AttributeGraphs) ReadSubgraph(stream, read, depth + 1);
            else stream.SkipLastField();
        }
    }

    // A subgraph may use every tensor of the graph around it. Names of its own among them do no harm.
    private void ReadSubgraph(CodedInputStream stream, List<string> read, int depth)
    {
        if (depth > DeepestSubgraph) throw Malformed($"its subgraphs are nested more than {DeepestSubgraph} deep");
        foreach (uint tag in Fields(stream, EndOfMessage(stream)))
        {
            if (tag == GraphNode) read.AddRange(ReadNode(stream, depth).Inputs);
            else if (tag == GraphOutput) read.Add(ReadName(stream, ValueName));
            else stream.SkipLastField();
        }
    }

    private string ReadName(CodedInputStream stream, uint field)
    {
        string name = "";
        foreach (uint tag in Fields(stream, EndOfMessage(stream)))
        {
            if (tag == field) name = stream.ReadString();
            else stream.SkipLastField();
        }
        return name;
    }

    private IEnumerable<uint> Fields(CodedInputStream stream, int end)
    {
        while (stream.Position < end)
        {
            uint tag = stream.ReadTag();
            yield return tag != 0 ? tag : throw Malformed("a field has no number");
        }
        if (stream.Position != end) throw Malformed("a field goes on behind the end of its message");
    }

    private int EndOfMessage(CodedInputStream stream)
    {
        int length = stream.ReadLength();
        return length >= 0 && length <= model.Length - stream.Position ? (int)stream.Position + length : throw Malformed("a message goes on behind the end of the file");
    }

    private static int BeginOfField(CodedInputStream stream, uint tag) => (int)stream.Position - CodedOutputStream.ComputeRawVarint32Size(tag);

    private static Piece Skip(CodedInputStream stream, int begin)
    {
        stream.SkipLastField();
        return new(begin, (int)stream.Position);
    }

    private void Copy(Piece piece, MemoryStream destination) => destination.Write(model, piece.Begin, piece.Length);

    private InvalidInputException Malformed(string cause, Exception? inner = null) => InputFile.Malformed(path, $"this is no ONNX model that can be read ({cause.ReplaceLineEndings(" ")})", "export it again", inner);

    /// <summary>A field as it stands in the file, its number and length included.</summary>
    private readonly record struct Piece(int Begin, int End)
    {
        public int Length => End - Begin;
    }
}
