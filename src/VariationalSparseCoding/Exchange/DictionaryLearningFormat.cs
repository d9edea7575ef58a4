using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>A folder of dictionary_learning: ae.pt, a state dict of torch, and config.json, which names the class of the dictionary; without it the tensors tell, where they can.</summary>
internal sealed class DictionaryLearningFormat : CoderFormat
{
    /// <inheritdoc/>
    public override string Name => "dictionary-learning";

    /// <inheritdoc/>
    public override string Title => "dictionary_learning";

    /// <inheritdoc/>
    public override string WeightsFile => "ae.pt";

    /// <inheritdoc/>
    public override string FileEnding => ".pt";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        string settings = Beside(weights, "config.json");
        var trainer = File.Exists(settings) ? CoderConfig.Read(settings).Section("trainer") : null;
        var tensors = new SharedTensors(weights, TorchFile.Read(weights));
        string kind = trainer?.Text("dict_class", "") is { Length: > 0 } named ? named : Guess(tensors);
        var coder = kind switch
        {
            "AutoEncoder" => Linear(tensors, GateKind.Relu, "bias") is var standard ? standard with { Bias = tensors.Take("encoder.bias", standard.Features) } : null,
            "AutoEncoderNew" => Linear(tensors, GateKind.Relu, "decoder.bias") is var plain ? plain with { Bias = tensors.Take("encoder.bias", plain.Features), IsCentred = false } : null,
            "GatedAutoEncoder" => Gated(tensors),
            "AutoEncoderTopK" => TopK(tensors, trainer),
            "BatchTopKSAE" => Linear(tensors, GateKind.JumpRelu, "b_dec") is var batch ? Thresholded(tensors, batch with { Bias = tensors.Take("encoder.bias", batch.Features) }) : null,
            "MatryoshkaBatchTopKSAE" => Thresholded(tensors, Matrices(tensors)),
            "JumpReluAutoEncoder" => Matrices(tensors) is var jump ? jump with { Threshold = tensors.Take("threshold", jump.Features), IsCentred = trainer?.Flag("apply_b_dec_to_input", false) ?? false } : null,
            _ => null,
        };
        if (coder is null) throw Unrepresentable(settings, $"its class of dictionaries '{kind}' is none that is read");
        tensors.RequireNoOthers($"dictionary_learning's {kind}");
        return coder;
    }

    private static string Guess(SharedTensors tensors)
    {
        if (tensors.Has("group_sizes")) return "MatryoshkaBatchTopKSAE";
        if (tensors.Has("W_enc")) return "JumpReluAutoEncoder";
        if (tensors.Has("gate_bias")) return "GatedAutoEncoder";
        if (tensors.Has("decoder.bias")) return "AutoEncoderNew";
        if (tensors.Has("bias")) return "AutoEncoder";
        throw tensors.Malformed("nothing says whether it is a TopK or a BatchTopK: its config.json is missing");
    }

    /// <summary>Layers of torch: encoder.weight [d, D] and decoder.weight [D, d].</summary>
    private static SharedCoder Linear(SharedTensors tensors, GateKind gate, string offset)
    {
        var (features, dimension) = tensors.SizeOf("encoder.weight");
        return new(gate, dimension, features, tensors.TakeTransposed("decoder.weight", dimension, features), tensors.Take(offset, dimension))
        {
            Encoder = tensors.Take("encoder.weight", features, dimension),
        };
    }

    private static SharedCoder Gated(SharedTensors tensors)
    {
        var coder = Linear(tensors, GateKind.Gated, "decoder_bias");
        return coder with { Bias = tensors.Take("gate_bias", coder.Features), MagnitudeBias = tensors.Take("mag_bias", coder.Features), MagnitudeScale = tensors.Take("r_mag", coder.Features) };
    }

    private static SharedCoder TopK(SharedTensors tensors, CoderConfig? trainer)
    {
        var coder = Linear(tensors, GateKind.TopK, "b_dec");
        coder = coder with { Bias = tensors.Take("encoder.bias", coder.Features), Active = Active(tensors) ?? trainer?.Count("k") ?? throw tensors.Malformed("it has no number k of active features") };
        tensors.Ignore("threshold");
        return coder;
    }

    /// <summary>One threshold for all features, which stands for the batch that it was trained with.</summary>
    private static SharedCoder Thresholded(SharedTensors tensors, SharedCoder coder)
    {
        float threshold = tensors.TakeNumber("threshold");
        float[] thresholds = new float[coder.Features];
        Array.Fill(thresholds, threshold);
        coder = coder with { Threshold = thresholds, Active = Active(tensors) ?? 0 };
        tensors.Ignore("group_sizes");
        return threshold >= 0 ? coder
            : coder with { Notes = [$"{tensors.Source}: its threshold was not set yet ({threshold}), so that every feature above 0 is active, as in its own program"] };
    }

    private static int? Active(SharedTensors tensors)
    {
        if (!tensors.Has("k")) return null;
        float active = tensors.TakeNumber("k");
        return active is >= 1 and <= 1 << 24 ? (int)active : throw tensors.Malformed($"its number k of active features is {active}");
    }
}
