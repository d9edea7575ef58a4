using Microsoft.ML.OnnxRuntime;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx;

/// <summary>
/// A feature network in an ONNX file: one float32 input [N, C, H, W] with C of 1, 3 or free, one output [N, F] or [N, F, 1, 1]. Images are resized to the input's size where it is
/// fixed (bilinear, without antialiasing), and grey ones repeated where it wants three colours. With the Inception network of Heusel et al. (2017) the Frechet distance is an FID.
/// </summary>
internal sealed class OnnxFeatureNetwork : IFeatureNetwork
{
    private const int ImagesPerRun = 32;
    private readonly OnnxFeatureOptions options;
    private readonly InferenceSession session;
    private readonly string path, name;
    private readonly OnnxSignature signature;

    private OnnxFeatureNetwork(string path, OnnxFeatureOptions options, InferenceSession session)
    {
        this.options = options;
        this.session = session;
        this.path = path;
        name = options.Name ?? Path.GetFileName(path);
        signature = OnnxSignature.Of(session, path, options.Output);
    }

    /// <inheritdoc/>
    public string DistanceName => $"Fréchet distance (features of {name})";

    /// <inheritdoc/>
    public int Features => signature.Features;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file; files of weights that it names lie beside it.</param>
    /// <param name="options">How to use it; null for the defaults.</param>
    /// <exception cref="InvalidInputException">The file is missing, is no ONNX model, or is not of the form above.</exception>
    public static OnnxFeatureNetwork Open(string path, OnnxFeatureOptions? options = null)
    {
        options ??= new();
        if (!File.Exists(path)) throw new InvalidInputException($"{path}: there is no such file; name an ONNX model.");
        // The runtime would wait for ever for somebody who writes into a pipe.
        InputFile.Read(path, stream => stream.Length);
        using var settings = new SessionOptions { IntraOpNumThreads = options.Threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        // The tensor library's threads work between two runs; waiting ones must not take their cores.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        OrtEnv.Instance().DisableTelemetryEvents();
        InferenceSession session;
        try
        {
            session = new InferenceSession(path, settings);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidInputException($"{path}: is no ONNX model that can be run ({RuntimeMessage.Of(error)}); export it again.", error);
        }
        try
        {
            return new OnnxFeatureNetwork(path, options, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public float[] Extract(ReadOnlySpan<float> images, ImageShape shape)
    {
        if (images.Length == 0 || images.Length % shape.Size != 0) throw new ArgumentException($"{images.Length} numbers are no positive number of images of {shape.Size} pixels.", nameof(images));
        var input = signature.InputFor(shape, path);
        PixelPreparation preparation = new(shape, input, options.Normalisation);
        int count = images.Length / shape.Size, batch = signature.Batch ?? Math.Min(ImagesPerRun, count);
        float[] pixels = new float[batch * input.Size], features = new float[count * Features];
        for (int first = 0; first < count; first += batch)
        {
            int present = Math.Min(batch, count - first), given = signature.Batch ?? present;
            for (int image = 0; image < present; image++)
                preparation.Write(images.Slice((first + image) * shape.Size, shape.Size), pixels.AsSpan(image * input.Size, input.Size));
            Run(pixels.AsMemory(0, given * input.Size), [given, input.Channels, input.Height, input.Width], features.AsSpan(first * Features, present * Features));
        }
        return features;
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private void Run(Memory<float> pixels, long[] shape, Span<float> features)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
        using var run = new RunOptions();
        try
        {
            using var outputs = session.Run(run, [signature.Input], [input], [signature.Output]);
            var values = outputs[0].GetTensorDataAsSpan<float>();
            if (values.Length != shape[0] * Features)
                throw new InvalidInputException($"{path}: gives {values.Length} numbers for {shape[0]} images instead of {Features} each; export it with one vector of features per image.");
            values[..features.Length].CopyTo(features);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidInputException($"{path}: cannot be run on images of {shape[1]} x {shape[2]} x {shape[3]} ({RuntimeMessage.Of(error)}).", error);
        }
    }
}
