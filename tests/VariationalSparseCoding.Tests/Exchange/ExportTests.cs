using System.Text;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Exchange;

/// <summary>What is exported computes the same codes where it is imported again, and what was imported is exported as it was.</summary>
public sealed class ExportTests : IDisposable
{
    private const int Dimension = 6, Atoms = 10, Rows = 240;

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>Autoencoders, and the architecture of SAELens that each becomes.</summary>
    public static TheoryData<string, string> Autoencoders => new()
    {
        { "topk", "topk" }, { "batch-topk", "jumprelu" }, { "matryoshka", "jumprelu" }, { "jumprelu", "jumprelu" }, { "relu", "standard" }, { "gated", "gated" },
    };

    [Theory]
    [MemberData(nameof(Autoencoders))]
    public void An_autoencoder_on_plain_samples_has_the_same_codes_bit_for_bit(string method, string architecture)
    {
        float[] x = Samples(Rows);
        using var coder = Trained(method, Normalisation.None, x);
        foreach (string format in new[] { "saelens", "safetensors", "npz" })
        {
            string said = coder.Export(scratch.File(format), format);
            Assert.Contains($"'{architecture}'", said, StringComparison.Ordinal);
            using var again = SparseCoder.Import(scratch.File(format));
            Assert.Equal(coder.Encode(x), again.Encode(x));
            Assert.Equal(coder.Decode(coder.Encode(x)), again.Decode(again.Encode(x)));
        }
    }

    [Theory]
    [MemberData(nameof(Autoencoders))]
    public void The_normalisation_becomes_part_of_the_weights(string method, string architecture)
    {
        foreach (var normalisation in new[] { Normalisation.Column, Normalisation.Global })
        {
            // One column is constant.
            float[] x = [.. Samples(Rows).Select((value, i) => i % Dimension == 2 ? 7 : 20 + 3 * (i % Dimension + 1) * value)];
            using var coder = Trained(method, normalisation, x);
            string folder = scratch.File(normalisation.ToString());
            Assert.Contains($"'{architecture}'", coder.Export(folder), StringComparison.Ordinal);
            using var again = SparseCoder.Import(folder);
            float[] codes = coder.Encode(x), others = again.Encode(x);
            // A value may stand within rounding of its threshold.
            int apart = Enumerable.Range(0, codes.Length).Count(i => Math.Abs(codes[i] - others[i]) > 2e-5 * Math.Max(1, Math.Abs(codes[i])));
            Assert.InRange(apart, 0, 2);
            Near(coder.Decode(codes), again.Decode(codes), 2e-5);
        }
    }

    [Theory]
    [InlineData("standard", "")]
    [InlineData("standard", "\"apply_b_dec_to_input\": false,")]
    [InlineData("topk", "\"k\": 4,")]
    [InlineData("jumprelu", "")]
    [InlineData("jumprelu", "\"apply_b_dec_to_input\": false,")]
    [InlineData("matching_pursuit", "\"residual_threshold\": 0.5, \"max_iterations\": 7, \"stop_on_duplicate_support\": false,")]
    public void What_was_imported_is_exported_with_the_same_tensors(string architecture, string settings)
    {
        foreach (var (dimension, features) in new[] { (5, 3), (8, 32), (33, 70) })
        {
            var numbers = ForeignCoder.Of(dimension, features, 4);
            string folder = numbers.SaeLens(scratch.File($"{dimension}"), architecture, settings.Replace("\"k\": 4", $"\"k\": {Math.Min(4, features)}", StringComparison.Ordinal));
            using var coder = SparseCoder.Import(folder);
            coder.Export(folder + " again");
            var (before, after) = (Safetensors.Read(Path.Combine(folder, "sae_weights.safetensors")).Tensors, Safetensors.Read(Path.Combine(folder + " again", "sae_weights.safetensors")).Tensors);
            Assert.Equal(before.Keys.Order(), after.Keys.Order());
            Assert.All(before.Values, tensor => Assert.Equal(tensor.Floats.ToArray(), after[tensor.Name].Floats.ToArray()));
            var (asked, written) = (Config(folder), Config(folder + " again"));
            foreach (string key in new[] { "architecture", "k", "apply_b_dec_to_input", "residual_threshold", "max_iterations", "stop_on_duplicate_support", "d_in", "d_sae" })
                if (asked[key] is { } value) Assert.Equal(value.ToJsonString(), written[key]!.ToJsonString());
        }
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(8, 32)]
    [InlineData(33, 70)]
    public void An_imported_gated_coder_goes_out_and_comes_in_with_the_same_codes(int dimension, int features)
    {
        var numbers = ForeignCoder.Of(dimension, features, 1);
        float[] x = numbers.Samples(Rows);
        using var coder = SparseCoder.Import(numbers.SaeLens(scratch.File("a"), "gated"));
        coder.Export(scratch.File("b"));
        using var again = SparseCoder.Import(scratch.File("b"));
        Near(coder.Encode(x), again.Encode(x), 1e-6);
    }

    [Fact]
    public void What_loaders_of_SaeLens_look_for_is_there()
    {
        using var coder = Trained("topk", Normalisation.None, Samples(Rows));
        coder.Export(scratch.File("out"));
        var config = Config(scratch.File("out"));
        Assert.Equal("6.0.0", config["metadata"]!["sae_lens_version"]!.GetValue<string>());
        Assert.Equal("""["none","none",true,false,2,"float32","cpu"]""", new JsonArray([.. new[] { "normalize_activations", "reshape_activations", "apply_b_dec_to_input", "rescale_acts_by_decoder_norm", "k", "dtype", "device" }.Select(key => config[key]!.DeepClone())]).ToJsonString());
        var tensors = Safetensors.Read(scratch.File("out/sae_weights.safetensors")).Tensors;
        Assert.Equal("F32 [6, 10], F32 [10], F32 [10, 6], F32 [6]", string.Join(", ", new[] { "W_enc", "b_enc", "W_dec", "b_dec" }.Select(name => tensors[name].Form)));
        Assert.Equal(4, tensors.Count);
    }

    [Theory]
    [InlineData("fista")]
    [InlineData("thresholded-laplacian")]
    public void What_does_not_fit_goes_as_a_dictionary_alone(string method)
    {
        float[] x = Samples(Rows);
        using var coder = Trained(method, Normalisation.Column, x);
        Assert.Contains("the dictionary alone", coder.Export(scratch.File("out")), StringComparison.Ordinal);
        var tensors = Safetensors.Read(scratch.File("out/sae_weights.safetensors")).Tensors;
        Assert.Equal(["W_dec", "b_dec"], tensors.Keys.Order());
        Assert.Equal("matching_pursuit", Config(scratch.File("out"))["architecture"]!.GetValue<string>());
        float[,] dictionary = coder.Dictionary;
        Assert.All(tensors["W_dec"].Floats.ToArray().Chunk(Dimension), atom => Assert.Equal(1, Math.Sqrt(atom.Sum(value => (double)value * value)), 1e-5));
        using (var pursued = SparseCoder.Import(scratch.File("out"))) Assert.Contains(pursued.Encode(x), value => value != 0);
        // One file of ours keeps the atoms' norms, so that the solver finds the same optimum.
        Assert.Contains("'dictionary'", coder.Export(scratch.File("whole"), "npz"), StringComparison.Ordinal);
        using var again = SparseCoder.Import(scratch.File("whole"));
        Assert.Equal(CodeKind.ConvergedFista, again.DefaultKind);
        float[] codes = [.. Enumerable.Range(0, 4 * Atoms).Select(i => i % 3 == 0 ? 1f : 0)];
        Near(coder.Decode(codes), again.Decode(codes), 1e-5);
        Assert.NotEmpty(dictionary);
    }

    [Fact]
    public void A_solvers_codes_on_plain_samples_are_the_same()
    {
        float[] x = Samples(Rows);
        using var coder = Trained("fista", Normalisation.None, x);
        coder.Export(scratch.File("out"), "safetensors");
        using var again = SparseCoder.Import(scratch.File("out"));
        Assert.Equal(coder.Encode(x), again.Encode(x));
    }

    [Fact]
    public void What_is_there_is_not_replaced_and_an_interrupted_export_is_done_again()
    {
        using var coder = Trained("topk", Normalisation.None, Samples(Rows));
        coder.Export(scratch.File("out"));
        byte[] before = File.ReadAllBytes(scratch.File("out/cfg.json"));
        Assert.Contains("is there already", Assert.Throws<InvalidInputException>(() => coder.Export(scratch.File("out"))).Message, StringComparison.Ordinal);
        File.Delete(scratch.File("out/cfg.json"));
        File.WriteAllText(scratch.File("out/sae_weights.safetensors"), "half");
        coder.Export(scratch.File("out"));
        Assert.Equal(before, File.ReadAllBytes(scratch.File("out/cfg.json")));
        using var again = SparseCoder.Import(scratch.File("out"));
        Assert.Contains("choose one of saelens, safetensors, npz", Assert.Throws<InvalidInputException>(() => coder.Export(scratch.File("b"), "onnx")).Message, StringComparison.Ordinal);
        File.WriteAllText(scratch.File("file"), "");
        Assert.Contains("is a file", Assert.Throws<InvalidInputException>(() => coder.Export(scratch.File("file"))).Message, StringComparison.Ordinal);
        using var empty = new SparseCoder();
        Assert.Throws<InvalidOperationException>(() => empty.Export(scratch.File("c")));
    }

    [Fact]
    public void A_run_of_group_maxima_keeps_its_arithmetic_in_one_file()
    {
        var numbers = ForeignCoder.Of(8, 32, 4);
        float[] x = numbers.Samples(Rows);
        using var coder = SparseCoder.Import(numbers.Sparsify(scratch.File("a"), "groupmax"));
        Assert.Contains("the dictionary alone", coder.Export(scratch.File("b")), StringComparison.Ordinal);
        coder.Export(scratch.File("c"), "npz");
        using var again = SparseCoder.Import(scratch.File("c"));
        Assert.Equal(coder.Encode(x), again.Encode(x));
    }

    [Fact]
    public void Numbers_of_a_constant_column_go_into_the_bias()
    {
        // The offset of a constant column is learned too, and the encoder sees it although the column itself is always 0.
        float[] x = [.. Samples(Rows).Select((value, i) => i % Dimension == 2 ? 7 : value)];
        using var coder = Trained("topk", Normalisation.Column, x);
        var model = (AutoencoderModel)coder.Model;
        model.Parameters.Offset.All[2] = 0.5f;
        model.Parameters.Encoder[3][2] = 2;
        model.Changed();
        coder.Export(scratch.File("out"));
        using var again = SparseCoder.Import(scratch.File("out"));
        Near(coder.Encode(x), again.Encode(x), 2e-5);
        Assert.Equal(7, again.Decode(again.Encode(x.AsSpan(0, Dimension)))[2]);
    }

    private static SparseCoder Trained(string method, Normalisation normalisation, float[] x)
    {
        var coder = new SparseCoder(new() { Method = method, Atoms = Atoms, Active = MethodTable.Find(method)!.Gate is null ? null : 2, Epochs = 3, BatchSize = 20, Draws = 2, Threads = 1, Normalisation = normalisation, Lambda = 0.2 });
        coder.Fit(x, Dimension);
        return coder;
    }

    private static float[] Samples(int rows) => ForeignCoder.Of(Dimension, Atoms, 2).Samples(rows);

    private static JsonObject Config(string folder) => JsonNode.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cfg.json"))))!.AsObject();

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {actual[i]} where {expected[i]} is right");
    }
}
