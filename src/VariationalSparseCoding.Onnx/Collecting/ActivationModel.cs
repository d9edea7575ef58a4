using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>A model in an ONNX file, cut down to some of its tensors, hidden ones among them. Weights may lie in files beside it.</summary>
internal sealed class ActivationModel : IDisposable
{
    private const string FolderOfWeights = "session.model_external_initializers_file_folder_path", Spinning = "session.intra_op.allow_spinning";

    private readonly InferenceSession session;

    private ActivationModel(string path, byte[] hash, IReadOnlyList<string> tensors, InferenceSession session) =>
        (Path, Sha256, Tensors, this.session) = (path, Convert.ToHexStringLower(hash), tensors, session);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The SHA-256 of the file's bytes in hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The tensors, in the order in which <see cref="Run"/> gives them.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>What must be given.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => session.InputMetadata;

    /// <summary>Lists the tensors of float32 with at least two dimensions, in the order in which they are computed.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="InvalidInputException">The file is missing, too large, or no ONNX model.</exception>
    public static IReadOnlyList<ModelTensor> List(string path)
    {
        var graph = OnnxGraph.Read(ReadFile(path), path);
        using var settings = Settings(path, threads: 1);
        // Every tensor is to be there.
        settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        using var session = Open(graph.Cut([.. graph.Tensors.Distinct()]), path, settings);
        var shapes = TensorShapes.Of(session);
        List<ModelTensor> tensors = [];
        foreach (var node in graph.Nodes)
            foreach (string name in node.Outputs)
                if (shapes.TryGetValue(name, out var shape) && shape.Length > 1)
                    tensors.Add(new(name, shape, node.Operation, [.. node.Inputs.Where(graph.IsWeight)]));
        return tensors;
    }

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="tensors">Names of the tensors that are wanted; only what they need is computed.</param>
    /// <param name="threads">Threads, 0 for one on each core.</param>
    /// <exception cref="InvalidInputException">The file is missing, too large or no ONNX model, has no such tensor, or a tensor is not of float32.</exception>
    public static ActivationModel Open(string path, IReadOnlyList<string> tensors, int threads)
    {
        byte[] content = ReadFile(path);
        using var settings = Settings(path, threads);
        var session = Open(OnnxGraph.Read(content, path).Cut(tensors), path, settings);
        foreach (string tensor in tensors)
        {
            var metadata = session.OutputMetadata[tensor];
            if (metadata.IsTensor && metadata.ElementType == typeof(float)) continue;
            session.Dispose();
            throw new InvalidInputException($"{path}: the tensor '{tensor}' is of {(metadata.IsTensor ? metadata.ElementType.Name : "no tensor type")}, not of float32; name another, or export the model in float32.");
        }
        return new(path, SHA256.HashData(content), tensors, session);
    }

    /// <summary>Computes the tensors.</summary>
    /// <param name="inputs">Values by the names of the inputs.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The tensors in the order of <see cref="Tensors"/>, which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The model cannot be run on these.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyDictionary<string, OrtValue> inputs, CancellationToken cancellationToken)
    {
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            return session.Run(run, [.. inputs.Keys], [.. inputs.Values], Tensors);
        }
        catch (OnnxRuntimeException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidInputException($"{Path}: cannot be run on this input ({RuntimeMessage.Of(error)}).", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private static byte[] ReadFile(string path) => InputFile.Read(path, stream =>
    {
        if (stream.Length > Array.MaxLength)
            throw InputFile.Malformed(path, $"the file has {stream.Length} bytes, and ONNX files of 2 GB and more are not read", "export it with its weights in a file beside it (external data)");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    });

    private static SessionOptions Settings(string path, int threads)
    {
        var settings = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, EnableMemoryPattern = false };
        settings.AddSessionConfigEntry(FolderOfWeights, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        // Rows are stored between two runs; waiting threads would take the core that does it.
        settings.AddSessionConfigEntry(Spinning, "0");
        OrtEnv.Instance().DisableTelemetryEvents();
        return settings;
    }

    private static InferenceSession Open(byte[] model, string path, SessionOptions settings)
    {
        try
        {
            return new InferenceSession(model, settings);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidInputException($"{path}: is no ONNX model that can be run ({RuntimeMessage.Of(error)}); export it again.", error);
        }
    }
}
