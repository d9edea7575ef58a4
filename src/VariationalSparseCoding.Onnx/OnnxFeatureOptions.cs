namespace VariationalSparseCoding.Onnx;

/// <summary>How an ONNX model is used as a feature network.</summary>
internal sealed record OnnxFeatureOptions
{
    /// <summary>What the network is given for pixels in [0, 1].</summary>
    public PixelNormalisation Normalisation { get; init; } = PixelNormalisation.None;

    /// <summary>Which of the model's outputs holds the features; may be null if it has one only.</summary>
    public string? Output { get; init; }

    /// <summary>The network's name in tables; the file's where null.</summary>
    public string? Name { get; init; }

    /// <summary>Threads, 0 for one on each core.</summary>
    public int Threads { get; init; }
}
