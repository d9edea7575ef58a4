using System.IO.Compression;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Data;

namespace VariationalSparseCoding.Tests.Exchange;

/// <summary>Numbers of an autoencoder, written in the formats of other programs.</summary>
/// <param name="Dimension">D.</param>
/// <param name="Features">d.</param>
/// <param name="Active">k.</param>
internal sealed record ForeignCoder(int Dimension, int Features, int Active)
{
    private readonly System.Random random = new(Dimension * 1000 + Features);

    /// <summary>W_enc as rows of features, [d, D].</summary>
    public float[] Encoder { get; private init; } = [];

    /// <summary>b_enc, or b_gate, [d].</summary>
    public float[] Bias { get; private init; } = [];

    /// <summary>W_dec, [d, D].</summary>
    public float[] Atoms { get; private init; } = [];

    /// <summary>b_dec, [D].</summary>
    public float[] Offset { get; private init; } = [];

    /// <summary>Thresholds, some of them below 0, [d].</summary>
    public float[] Threshold { get; private init; } = [];

    /// <summary>b_mag, [d].</summary>
    public float[] MagnitudeBias { get; private init; } = [];

    /// <summary>r_mag, [d].</summary>
    public float[] MagnitudeScale { get; private init; } = [];

    /// <summary>Draws all numbers, so that codes and reconstructions are near 1.</summary>
    public static ForeignCoder Of(int dimension, int features, int active)
    {
        var empty = new ForeignCoder(dimension, features, active);
        float scale = 1 / MathF.Sqrt(dimension);
        return empty with
        {
            Encoder = empty.Draw(features * dimension, scale),
            Bias = empty.Draw(features, 0.2f),
            Atoms = empty.Draw(features * dimension, scale),
            Offset = empty.Draw(dimension, 0.3f),
            Threshold = Array.ConvertAll(empty.Draw(features, 0.3f), value => value + 0.2f),
            MagnitudeBias = empty.Draw(features, 0.2f),
            MagnitudeScale = empty.Draw(features, 0.2f),
        };
    }

    /// <summary>Samples, [N, D].</summary>
    public float[] Samples(int count) => new ForeignCoder(Dimension, Features + 1, Active).Draw(count * Dimension, 1);

    /// <summary>A matrix with rows and columns exchanged.</summary>
    public static float[] Transposed(float[] values, int rows, int columns) => [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];

    /// <summary>Writes a folder of SAELens.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="architecture">The architecture.</param>
    /// <param name="settings">JSON of further keys, each followed by a comma.</param>
    /// <param name="number">The element type.</param>
    public string SaeLens(string folder, string architecture, string settings = "", StoredNumber number = StoredNumber.Float32)
    {
        List<(string, float[], StoredNumber, long[])> tensors = [("W_dec", Atoms, number, [Features, Dimension]), ("b_dec", Offset, number, [Dimension])];
        if (architecture != "matching_pursuit") tensors.Add(("W_enc", Transposed(Encoder, Features, Dimension), number, [Dimension, Features]));
        if (architecture is "standard" or "topk" or "jumprelu") tensors.Add(("b_enc", Bias, number, [Features]));
        if (architecture == "jumprelu") tensors.Add(("threshold", Threshold, number, [Features]));
        if (architecture == "gated") tensors.AddRange([("b_gate", Bias, number, [Features]), ("b_mag", MagnitudeBias, number, [Features]), ("r_mag", MagnitudeScale, number, [Features])]);
        return Write(folder, ("sae_weights.safetensors", StoreFixture.Safetensors([.. tensors])), ("cfg.json", Text($$"""
            {"d_in": {{Dimension}}, "d_sae": {{Features}}, "dtype": "float32", "device": "cpu", {{settings}} "unknown_key": [1], "metadata": {"sae_lens_version": "6.0.0"}, "architecture": "{{architecture}}"}
            """)));
    }

    /// <summary>Writes a folder of sparsify.</summary>
    public string Sparsify(string folder, string activation) => Write(folder,
        ("sae.safetensors", StoreFixture.Safetensors(("encoder.weight", Encoder, StoredNumber.Float32, [Features, Dimension]), ("encoder.bias", Bias, StoredNumber.Float32, [Features]),
            ("W_dec", Atoms, StoredNumber.Float32, [Features, Dimension]), ("b_dec", Offset, StoredNumber.Float32, [Dimension]))),
        ("cfg.json", Text($$"""{"activation": "{{activation}}", "expansion_factor": 32, "normalize_decoder": true, "num_latents": {{Features}}, "k": {{Active}}, "d_in": {{Dimension}}, "transcode": false}""")));

    /// <summary>Writes the params.npz of Gemma Scope.</summary>
    public string GemmaScope(string folder, CompressionLevel level = CompressionLevel.NoCompression, StoredNumber number = StoredNumber.Float32) => Write(folder,
        ("params.npz", StoreFixture.Npz(level, ("W_enc", StoreFixture.Npy(Transposed(Encoder, Features, Dimension), number, Dimension, Features)), ("b_enc", StoreFixture.Npy(Bias, number, Features)),
            ("W_dec", StoreFixture.Npy(Atoms, number, Features, Dimension)), ("b_dec", StoreFixture.Npy(Offset, number, Dimension)), ("threshold", StoreFixture.Npy(Threshold, number, Features)))));

    /// <summary>Writes a folder of sentence-transformers.</summary>
    public string SentenceTransformers(string folder, string encoder = "encoder.weight", string settings = "") => Write(folder,
        ("model.safetensors", StoreFixture.Safetensors((encoder, Encoder, StoredNumber.Float32, [Features, Dimension]), ("pre_bias", Offset, StoredNumber.Float32, [Dimension]),
            ("latent_bias", Bias, StoredNumber.Float32, [Features]))),
        ("config.json", Text($$"""{"input_dim": {{Dimension}}, "hidden_dim": {{Features}}, {{settings}} "k": {{Active}}, "k_aux": 512, "dead_threshold": 30}""")));

    /// <summary>Writes a folder of dictionary_learning.</summary>
    public string DictionaryLearning(string folder, string kind)
    {
        long[] ofFeatures = [Features], ofValues = [Dimension], encoder = [Features, Dimension], decoder = [Dimension, Features];
        float[] columns = Transposed(Atoms, Features, Dimension), rows = Transposed(Encoder, Features, Dimension);
        (string, float[], long[])[] tensors = kind switch
        {
            "AutoEncoder" => [("bias", Offset, ofValues), ("encoder.weight", Encoder, encoder), ("encoder.bias", Bias, ofFeatures), ("decoder.weight", columns, decoder)],
            "AutoEncoderNew" => [("encoder.weight", Encoder, encoder), ("encoder.bias", Bias, ofFeatures), ("decoder.weight", columns, decoder), ("decoder.bias", Offset, ofValues)],
            "AutoEncoderTopK" or "BatchTopKSAE" => [("b_dec", Offset, ofValues), ("k", [Active], []), ("threshold", [0.25f], []), ("decoder.weight", columns, decoder), ("encoder.weight", Encoder, encoder), ("encoder.bias", Bias, ofFeatures)],
            "MatryoshkaBatchTopKSAE" => [("W_enc", rows, decoder), ("b_enc", Bias, ofFeatures), ("W_dec", Atoms, encoder), ("b_dec", Offset, ofValues), ("k", [Active], []), ("threshold", [0.25f], []), ("group_sizes", [1, Features - 1], [2])],
            "JumpReluAutoEncoder" => [("W_enc", rows, decoder), ("b_enc", Bias, ofFeatures), ("W_dec", Atoms, encoder), ("b_dec", Offset, ofValues), ("threshold", Threshold, ofFeatures)],
            _ => [("decoder_bias", Offset, ofValues), ("encoder.weight", Encoder, encoder), ("r_mag", MagnitudeScale, ofFeatures), ("gate_bias", Bias, ofFeatures), ("mag_bias", MagnitudeBias, ofFeatures), ("decoder.weight", columns, decoder)],
        };
        return Write(folder, ("ae.pt", Serialization.TorchWriter.File(tensors)), ("config.json", Text($$"""{"trainer": {"dict_class": "{{kind}}", "k": {{Active}}, "lr": 1e-4}, "buffer": {} }""")));
    }

    private float[] Draw(int count, float scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Write(string folder, params (string Name, byte[] Content)[] files)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in files) File.WriteAllBytes(Path.Combine(folder, name), content);
        return folder;
    }
}
