using System.IO.Compression;
using VariationalSparseCoding.Exchange;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Data;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Exchange;

/// <summary>Codes and reconstructions of imported dictionaries are those of the programs that trained them.</summary>
public sealed class ImportTests : IDisposable
{
    private const int Samples = 60;
    private const double Tolerance = 1e-6;

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>D, d, k: fewer features than values, more, and sizes that no vector of the processor divides.</summary>
    public static TheoryData<int, int, int> Shapes => new() { { 5, 3, 1 }, { 8, 32, 4 }, { 33, 70, 7 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaeLens_standard(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.SaeLens(scratch.File("a"), "standard"), true, ReferenceCodes.Jump(new float[features]));
        Same(coder, coder.SaeLens(scratch.File("b"), "standard", "\"apply_b_dec_to_input\": false, \"normalize_activations\": \"none\","), false, ReferenceCodes.Jump(new float[features]));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaeLens_topk(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.SaeLens(scratch.File("a"), "topk", $"\"k\": {active},"), true, ReferenceCodes.TopK(active));
        Same(coder, coder.SaeLens(scratch.File("b"), "topk", $"\"k\": {active}, \"apply_b_dec_to_input\": false,"), false, ReferenceCodes.TopK(active));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaeLens_topk_of_values_rescaled_by_the_decoders_norm(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        double[] norms = [.. Enumerable.Range(0, features).Select(i => Math.Sqrt(coder.Atoms[(i * dimension)..((i + 1) * dimension)].Sum(value => (double)value * value)))];
        var topK = ReferenceCodes.TopK(active);
        float[] unit = [.. coder.Atoms.Select((value, i) => (float)(value / norms[i / dimension]))];
        Same(coder, coder.SaeLens(scratch.File("a"), "topk", $"\"k\": {active}, \"rescale_acts_by_decoder_norm\": true,"), true, h => topK([.. h.Select((value, i) => value * norms[i])]), unit);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaeLens_jumprelu(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.SaeLens(scratch.File("a"), "jumprelu"), true, ReferenceCodes.Jump(coder.Threshold));
        Same(coder, coder.SaeLens(scratch.File("b"), "jumprelu", "\"apply_b_dec_to_input\": false,"), false, ReferenceCodes.Jump(coder.Threshold));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaeLens_gated(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.SaeLens(scratch.File("a"), "gated"), true, ReferenceCodes.Gated(coder));
        Same(coder, coder.SaeLens(scratch.File("b"), "gated", "\"apply_b_dec_to_input\": false,"), false, ReferenceCodes.Gated(coder));
    }

    [Theory]
    [InlineData(5, 3, 0.5, null, true)]
    [InlineData(8, 32, 0.3, 5, true)]
    [InlineData(33, 70, 0.01, null, false)]
    [InlineData(33, 70, 0, 12, false)]
    public void SaeLens_matching_pursuit(int dimension, int features, double threshold, int? steps, bool stops)
    {
        var coder = ForeignCoder.Of(dimension, features, 1);
        string folder = coder.SaeLens(scratch.File("a"), "matching_pursuit", FormattableString.Invariant($"\"residual_threshold\": {threshold}, \"max_iterations\": {(steps is null ? "null" : steps)}, \"stop_on_duplicate_support\": {(stops ? "true" : "false")},"));
        float[] x = coder.Samples(Samples);
        Same(coder, folder, x, ReferenceCodes.Pursuit(coder, x, threshold, steps ?? dimension, stops));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sparsify(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.Sparsify(scratch.File("a"), "topk"), true, ReferenceCodes.TopK(active));
        Same(coder, coder.Sparsify(scratch.File("b"), "groupmax"), true, ReferenceCodes.GroupMax(active));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Dictionary_learning(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        float[] quarter = new float[features];
        Array.Fill(quarter, 0.25f);
        (string Kind, bool Centred, ReferenceCodes.Gate Gate)[] kinds =
        [
            ("AutoEncoder", true, ReferenceCodes.Jump(new float[features])), ("AutoEncoderNew", false, ReferenceCodes.Jump(new float[features])), ("AutoEncoderTopK", true, ReferenceCodes.TopK(active)),
            ("BatchTopKSAE", true, ReferenceCodes.Jump(quarter)), ("MatryoshkaBatchTopKSAE", true, ReferenceCodes.Jump(quarter)), ("JumpReluAutoEncoder", false, ReferenceCodes.Jump(coder.Threshold)),
            ("GatedAutoEncoder", true, ReferenceCodes.Gated(coder)),
        ];
        foreach (var (kind, centred, gate) in kinds)
        {
            string folder = coder.DictionaryLearning(scratch.File(kind), kind);
            Same(coder, folder, centred, gate);
            if (kind is "AutoEncoderTopK" or "BatchTopKSAE") continue;
            // Without its settings, the tensors tell.
            File.Delete(Path.Combine(folder, "config.json"));
            Same(coder, folder, centred, gate);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gemma_scope(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.GemmaScope(scratch.File("a")), false, ReferenceCodes.Jump(coder.Threshold));
        Same(coder, coder.GemmaScope(scratch.File("b"), CompressionLevel.Fastest, StoredNumber.Float64), false, ReferenceCodes.Jump(coder.Threshold));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sentence_transformers(int dimension, int features, int active)
    {
        var coder = ForeignCoder.Of(dimension, features, active);
        Same(coder, coder.SentenceTransformers(scratch.File("a")), true, ReferenceCodes.TopK(active), coder.Encoder);
        Same(coder, coder.SentenceTransformers(scratch.File("b"), "decoder.linear.weight"), true, ReferenceCodes.TopK(active), coder.Encoder);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(8, 32)]
    [InlineData(33, 70)]
    public void A_matrix_is_a_dictionary_whose_codes_are_solved_for(int dimension, int features)
    {
        var coder = ForeignCoder.Of(dimension, features, 1);
        float[] x = coder.Samples(Samples), columns = ForeignCoder.Transposed(coder.Atoms, features, dimension);
        Npy.Write<float>(scratch.File("rows.npy"), coder.Atoms, dimension);
        Npy.Write<float>(scratch.File("columns.npy"), columns, features);
        using var rows = SparseCoder.Import(scratch.File("rows.npy"), "matrix-rows", 0.05);
        using var sideways = SparseCoder.Import(scratch.File("columns.npy"), "matrix-columns", 0.05);
        Assert.Equal(columns, rows.Dictionary.Cast<float>());
        Assert.Equal(rows.Encode(x), sideways.Encode(x));
        Assert.Empty(rows.Notes);
        Assert.Equal(CodeKind.ConvergedFista, rows.DefaultKind);
        // At the optimum no atom has more of the residual than lambda, and active ones have that much.
        float[] codes = rows.Encode(x), decoded = rows.Decode(codes);
        for (int row = 0; row < Samples; row++)
            for (int i = 0; i < features; i++)
            {
                double product = Enumerable.Range(0, dimension).Sum(j => (double)coder.Atoms[i * dimension + j] * (x[row * dimension + j] - decoded[row * dimension + j])), code = codes[row * features + i];
                if (code == 0) Assert.InRange(Math.Abs(product), 0, 0.05 + 1e-3);
                else Assert.Equal(0.05 * Math.Sign(code), product, 1e-3);
            }
        // The longer side counts the atoms, and that is said.
        using var guessed = SparseCoder.Import(features > dimension ? scratch.File("columns.npy") : scratch.File("rows.npy"));
        Assert.Equal((Math.Max(dimension, features), Math.Min(dimension, features)), (guessed.Atoms, guessed.Dimension));
        Assert.Contains("are taken for the atoms", Assert.Single(guessed.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Float16", 1e-2)]
    [InlineData("BFloat16", 6e-2)]
    [InlineData("Float64", 1e-6)]
    public void Weights_may_have_other_types(string number, double tolerance)
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        float[] x = coder.Samples(Samples);
        using var imported = SparseCoder.Import(coder.SaeLens(scratch.File("a"), "standard", number: Enum.Parse<StoredNumber>(number)));
        var (codes, _) = ReferenceCodes.Of(coder, x, true, ReferenceCodes.Jump(new float[32]));
        Near(codes, imported.Encode(x), tolerance);
    }

    [Fact]
    public void Older_settings_of_SaeLens_are_understood()
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        Same(coder, coder.SaeLens(scratch.File("a"), "standard", "\"activation_fn_str\": \"topk\", \"activation_fn_kwargs\": {\"k\": 4}, \"finetuning_scaling_factor\": false,"), true, ReferenceCodes.TopK(4));
        string folder = coder.SaeLens(scratch.File("b"), "jumprelu");
        byte[] renamed = StoreFixture.Safetensors(("W_dec", coder.Atoms, StoredNumber.Float32, [32, 8]), ("b_dec", coder.Offset, StoredNumber.Float32, [8]), ("b_enc", coder.Bias, StoredNumber.Float32, [32]),
            ("W_enc", ForeignCoder.Transposed(coder.Encoder, 32, 8), StoredNumber.Float32, [8, 32]), ("log_threshold", Array.ConvertAll(coder.Threshold, value => MathF.Log(Math.Abs(value))), StoredNumber.Float32, [32]));
        File.WriteAllBytes(Path.Combine(folder, "sae_weights.safetensors"), renamed);
        Same(coder, folder, true, ReferenceCodes.Jump(Array.ConvertAll(coder.Threshold, Math.Abs)));
    }

    [Theory]
    [InlineData("standard", "\"normalize_activations\": \"layer_norm\",", "layer_norm")]
    [InlineData("standard", "\"normalize_activations\": \"constant_norm_rescale\",", "constant_norm_rescale")]
    [InlineData("standard", "\"reshape_activations\": \"other\",", "other")]
    [InlineData("standard", "\"activation_fn\": \"tanh-relu\",", "tanh-relu")]
    [InlineData("standard", "\"d_in\": 9,", "d_in")]
    [InlineData("transcoder", "", "transcoder")]
    [InlineData("jumprelu_skip_transcoder", "", "jumprelu_skip_transcoder")]
    [InlineData("temporal", "", "temporal")]
    [InlineData("topk", "", "'k'")]
    [InlineData("topk", "\"k\": 0,", "'k'")]
    [InlineData("topk", "\"k\": \"many\",", "'k'")]
    [InlineData("matching_pursuit", "\"residual_threshold\": -1,", "residual_threshold")]
    public void What_SaeLens_asks_for_and_cannot_be_represented_is_refused_by_its_name(string architecture, string settings, string said)
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        string folder = coder.SaeLens(scratch.File("a"), architecture, settings.Contains("d_in", StringComparison.Ordinal) ? "" : settings);
        if (settings.Contains("d_in", StringComparison.Ordinal)) File.WriteAllText(Path.Combine(folder, "cfg.json"), "{\"d_in\": 9}");
        Refused(() => SparseCoder.Import(folder), said);
    }

    [Fact]
    public void What_is_worth_knowing_is_noted()
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        using var scaled = SparseCoder.Import(coder.SaeLens(scratch.File("a"), "standard", "\"normalize_activations\": \"expected_average_only_in\", \"reshape_activations\": \"hook_z\","));
        Assert.Contains("normalize_activations", scaled.Notes[0], StringComparison.Ordinal);
        Assert.Contains("reshape_activations", scaled.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_refusals_name_what_is_wrong_too()
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        string sparsify = coder.Sparsify(scratch.File("a"), "topk");
        File.WriteAllText(Path.Combine(sparsify, "cfg.json"), "{\"d_in\": 8, \"k\": 4, \"transcode\": true}");
        Refused(() => SparseCoder.Import(sparsify), "transcode");
        File.WriteAllText(Path.Combine(sparsify, "cfg.json"), "{\"d_in\": 8, \"k\": 5, \"activation\": \"groupmax\"}");
        Refused(() => SparseCoder.Import(sparsify), "groups");
        File.WriteAllText(Path.Combine(sparsify, "cfg.json"), "{\"d_in\": 8, \"k\": 5, \"activation\": \"tanh\"}");
        Refused(() => SparseCoder.Import(sparsify), "tanh");
        File.Delete(Path.Combine(sparsify, "cfg.json"));
        Refused(() => SparseCoder.Import(sparsify), "cfg.json");
        Refused(() => SparseCoder.Import(coder.SentenceTransformers(scratch.File("b"), settings: "\"normalize\": true,")), "normalize");
        Refused(() => SparseCoder.Import(coder.DictionaryLearning(scratch.File("c"), "IdentityDict")), "IdentityDict");
        string topK = coder.DictionaryLearning(scratch.File("d"), "AutoEncoderTopK");
        File.Delete(Path.Combine(topK, "config.json"));
        Refused(() => SparseCoder.Import(topK), "config.json");
        Refused(() => SparseCoder.Import(scratch.File("nowhere")), "no such file");
        Refused(() => SparseCoder.Import(scratch.Path), "holds folders of dictionaries");
        Refused(() => SparseCoder.Import(Directory.CreateDirectory(scratch.File("empty")).FullName), "sae_weights.safetensors");
        Refused(() => SparseCoder.Import(scratch.File("empty"), "saelens"), "sae_weights.safetensors");
        Refused(() => SparseCoder.Import(topK, "onnx"), "saelens, sparsify");
        Refused(() => SparseCoder.Import(Path.Combine(topK, "ae.pt"), "saelens"), "cfg.json");
        Refused(() => SparseCoder.Import(scratch.Write("a.txt", [1])), "no known format");
        Refused(() => SparseCoder.Import(scratch.Write("a.safetensors", StoreFixture.Safetensors(("x", [1], StoredNumber.Float32, [1])))), "settings");
    }

    [Fact]
    public void The_encoder_of_texts_beside_a_sparse_one_is_not_taken_for_it()
    {
        string inner = ForeignCoder.Of(8, 32, 4).SentenceTransformers(scratch.File("1_SparseAutoEncoder"));
        File.WriteAllBytes(scratch.File("model.safetensors"), StoreFixture.Safetensors(("embeddings.weight", [1], StoredNumber.Float32, [1])));
        File.WriteAllText(scratch.File("config.json"), "{}");
        Refused(() => SparseCoder.Import(scratch.Path), inner);
        using var coder = SparseCoder.Import(inner);
        Assert.Equal(32, coder.Atoms);
    }

    [Fact]
    public void A_tensor_that_the_arithmetic_does_not_know_is_refused()
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        string folder = coder.Sparsify(scratch.File("a"), "topk");
        File.WriteAllBytes(Path.Combine(folder, "sae.safetensors"), StoreFixture.Safetensors(("encoder.weight", coder.Encoder, StoredNumber.Float32, [32, 8]), ("encoder.bias", coder.Bias, StoredNumber.Float32, [32]),
            ("W_dec", coder.Atoms, StoredNumber.Float32, [32, 8]), ("b_dec", coder.Offset, StoredNumber.Float32, [8]), ("W_skip", new float[64], StoredNumber.Float32, [8, 8])));
        Refused(() => SparseCoder.Import(folder), "'W_skip'");
        File.WriteAllBytes(Path.Combine(folder, "sae.safetensors"), StoreFixture.Safetensors(("encoder.weight", coder.Encoder, StoredNumber.Float32, [32, 8]), ("encoder.bias", [1], StoredNumber.Float32, [1])));
        Refused(() => SparseCoder.Import(folder), "'W_dec'");
        coder.Atoms[3] = float.NaN;
        Refused(() => SparseCoder.Import(coder.Sparsify(scratch.File("b"), "topk")), "not finite");
    }

    [Fact]
    public void An_imported_coder_is_like_any_other()
    {
        var coder = ForeignCoder.Of(8, 32, 4);
        float[] x = coder.Samples(Samples);
        foreach (string architecture in new[] { "topk", "matching_pursuit" })
        {
            string folder = coder.SaeLens(scratch.File(architecture), architecture, "\"k\": 4, \"apply_b_dec_to_input\": true,");
            using var imported = SparseCoder.Import(folder);
            imported.Save(scratch.File("model.safetensors"));
            using var loaded = SparseCoder.Load(scratch.File("model.safetensors"));
            Assert.Equal(imported.Encode(x), loaded.Encode(x));
            float[] few = loaded.Encode(x, new() { Active = 2 });
            Assert.All(few.Chunk(32), code => Assert.InRange(code.Count(value => value != 0), 0, 2));
            // A code is that of its sample alone.
            Assert.Equal(imported.Encode(x)[..32], imported.Encode(x.AsSpan(0, 8)));
            Assert.Contains("imported", Assert.Throws<InvalidInputException>(() => loaded.PartialFit(x, 8)).Message, StringComparison.Ordinal);
            var (summary, _) = Importing.ToRun(folder, scratch.File(architecture + " run"));
            Assert.Contains("SAELens", summary, StringComparison.Ordinal);
            using var run = SparseCoder.Load(scratch.File(architecture + " run"));
            Assert.Equal(imported.Encode(x), run.Encode(x));
            Refused(() => Importing.ToRun(folder, scratch.File(architecture + " run")), "already holds");
        }
    }

    private static void Same(ForeignCoder coder, string folder, bool centred, ReferenceCodes.Gate gate, float[]? atoms = null)
    {
        float[] x = coder.Samples(Samples);
        Same(coder, folder, x, ReferenceCodes.Of(coder, x, centred, gate, atoms));
    }

    private static void Same(ForeignCoder coder, string folder, float[] x, (double[] Codes, double[] Samples) expected)
    {
        using var imported = SparseCoder.Import(folder);
        Assert.Equal((coder.Dimension, coder.Features), (imported.Dimension, imported.Atoms));
        float[] codes = imported.Encode(x);
        Near(expected.Codes, codes, Tolerance);
        Near(expected.Samples, imported.Decode(codes), Tolerance);
        Assert.Contains(codes, value => value != 0);
    }

    private static void Near(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {actual[i]} where {expected[i]} is right");
    }

    private static void Refused(Action action, string said)
    {
        string message = Assert.Throws<InvalidInputException>(action).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
