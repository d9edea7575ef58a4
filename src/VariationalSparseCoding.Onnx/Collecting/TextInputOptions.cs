namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>How texts become tokens.</summary>
internal sealed record TextInputOptions
{
    /// <summary>The file of the vocabulary of <see cref="WordPiece"/>.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>Whether capitals and accents are kept.</summary>
    public bool IsCased { get; init; }

    /// <summary>Tokens of a text at most, at least 3; what is behind them is cut off.</summary>
    public int MostTokens { get; init; } = 256;

    /// <summary>Whether [CLS] and [SEP] have rows and count in means.</summary>
    public bool KeepsSpecialTokens { get; init; } = true;

    /// <summary>Texts that the model is given at once, at least 1.</summary>
    public int BatchSize { get; init; } = 32;
}
