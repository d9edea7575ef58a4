namespace VariationalSparseCoding.Onnx.Tests;

/// <summary>
/// A network that reads texts: each token has an embedding, and its hidden state is that plus the sum of all embeddings of its text. All numbers are multiples of 1/8, so that
/// sums are exact. Its one declared output is the negative of the hidden state; 'later' is computed for nothing.
/// </summary>
internal static class TinyEncoder
{
    public const int Dimension = 3;

    public const string Hidden = "/layer.0/hidden", Embedded = "embedded", Pooled = "pooled";

    public static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "sat", "on", "mat", "."];

    public static float[] Embedding(int token) => [.. Enumerable.Range(0, Dimension).Select(i => (token * 7 + i * 5) % 16 / 8f - 1)];

    /// <summary>The hidden states of a text, token by token.</summary>
    public static float[][] HiddenOf(params int[] text)
    {
        float[] sum = [.. Enumerable.Range(0, Dimension).Select(i => text.Sum(token => Embedding(token)[i]))];
        return [.. text.Select(token => Embedding(token).Zip(sum, (own, all) => own + all).ToArray())];
    }

    /// <summary>Writes the model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasMask">Whether it takes a mask; without one it reads padding like any token.</param>
    /// <param name="type">The type of the numbers of tokens.</param>
    public static string Write(string path, bool hasMask = true, int type = OnnxModel.Int64)
    {
        var model = new OnnxModel()
            .InputOf(type, "input_ids", 0, 0)
            .Weights("embedding.weight", [.. Enumerable.Range(0, Vocabulary.Length).SelectMany(Embedding)], Vocabulary.Length, Dimension)
            .Weights("last", 2)
            .Weights("tokens", 1)
            .Node("Gather", ["embedding.weight", "input_ids"], Embedded);
        if (hasMask)
            model.InputOf(type, "attention_mask", 0, 0)
                .Node("Cast", ["attention_mask"], "weights", OnnxModel.Whole("to", OnnxModel.Float))
                .Node("Unsqueeze", ["weights", "last"], "mask")
                .Node("Mul", [Embedded, "mask"], "visible");
        model.Node("ReduceSum", [hasMask ? "visible" : Embedded, "tokens"], "context")
            .Node("Add", [Embedded, "context"], Hidden)
            .Node("ReduceSum", [Hidden, "tokens"], Pooled, OnnxModel.Whole("keepdims", 0))
            .Node("Sigmoid", [Hidden], "later")
            .Node("Neg", [Hidden], "negative")
            .Output("negative", 0, 0, Dimension)
            .Write(path);
        return path;
    }

    public static string WriteVocabulary(string path)
    {
        File.WriteAllLines(path, Vocabulary);
        return path;
    }
}
