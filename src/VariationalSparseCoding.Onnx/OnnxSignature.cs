using Microsoft.ML.OnnxRuntime;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Onnx;

/// <summary>What a model takes and gives.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Output">The output's name.</param>
/// <param name="Batch">Images that it takes at once; null if that is free.</param>
/// <param name="Channels">C; null if free.</param>
/// <param name="Height">H; null if free.</param>
/// <param name="Width">W; null if free.</param>
/// <param name="Features">F.</param>
internal sealed record OnnxSignature(string Input, string Output, int? Batch, int? Channels, int? Height, int? Width, int Features)
{
    /// <exception cref="InvalidInputException">The model is no feature network of images.</exception>
    public static OnnxSignature Of(InferenceSession session, string path, string? output)
    {
        if (session.InputMetadata.Count != 1) throw Unfit($"it has {session.InputMetadata.Count} inputs ({Names(session.InputMetadata)}) instead of one");
        var (inputName, input) = session.InputMetadata.First();
        if (!IsFloatTensor(input)) throw Unfit($"its input '{inputName}' is not of float32");
        if (input.Dimensions is not [var batch, var channels, var height, var width]) throw Unfit($"its input '{inputName}' has the shape {Shape(input)} instead of [N, C, H, W]");
        if (channels is not (1 or 3) && channels >= 0) throw Unfit($"its input '{inputName}' has the shape {Shape(input)}, where [N, C, H, W] has 1 or 3 channels");

        if (session.OutputMetadata.Count == 0) throw Unfit("it has no outputs");
        if (output is null && session.OutputMetadata.Count > 1)
            throw new InvalidInputException($"{path}: the model has several outputs ({Names(session.OutputMetadata)}); name the one that holds the features.");
        string outputName = output ?? session.OutputMetadata.Keys.First();
        if (!session.OutputMetadata.TryGetValue(outputName, out var features)) throw new InvalidInputException($"{path}: the model has no output '{outputName}' but {Names(session.OutputMetadata)}.");
        bool isVector = IsFloatTensor(features) && features.Dimensions is [_, > 0, .. var rest] && rest.All(size => size == 1);
        if (!isVector) throw Unfit($"its output '{outputName}' has the shape {Shape(features)} instead of a float32 [N, F] with F known");
        return new(inputName, outputName, Fixed(batch), Fixed(channels), Fixed(height), Fixed(width), features.Dimensions[1]);

        InvalidInputException Unfit(string cause) => new($"{path}: the model is no feature network of images: {cause}; export another one.");
    }

    /// <summary>The shape in which images of a shape are given to the model.</summary>
    /// <exception cref="InvalidInputException">The model takes grey images, and these have colours.</exception>
    public ImageShape InputFor(ImageShape images, string path)
    {
        int channels = Channels ?? images.Channels;
        return channels >= images.Channels
            ? new(channels, Height ?? images.Height, Width ?? images.Width)
            : throw new InvalidInputException($"{path}: the model takes images of {channels} channel, and these have {images.Channels}; use a model for colour images.");
    }

    private static int? Fixed(int size) => size > 0 ? size : null;

    private static bool IsFloatTensor(NodeMetadata node) => node.IsTensor && node.ElementType == typeof(float);

    private static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) => string.Join(", ", nodes.Keys.Select(name => $"'{name}'"));

    private static string Shape(NodeMetadata node) => node.IsTensor ? $"[{string.Join(", ", node.Dimensions.Select(size => size > 0 ? $"{size}" : "any"))}]" : "of no tensor";
}
