using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>A folder of sparsify: cfg.json and sae.safetensors. Codes are the k largest values above 0, or the largest of each of k groups.</summary>
internal sealed class SparsifyFormat : CoderFormat
{
    private const int UsualActive = 32;

    /// <inheritdoc/>
    public override string Name => "sparsify";

    /// <inheritdoc/>
    public override string Title => "sparsify";

    /// <inheritdoc/>
    public override string WeightsFile => "sae.safetensors";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        var config = CoderConfig.Read(Beside(weights, "cfg.json"));
        if (config.Flag("transcode", false))
            throw Unrepresentable(config.Source, "it is a transcoder (transcode = true), which reconstructs another place of a network than it reads");
        var tensors = new SharedTensors(weights, Safetensors.Read(weights).Tensors);
        var (features, dimension) = tensors.SizeOf("encoder.weight");
        if (config.Has("d_in") && config.Count("d_in") != dimension) throw tensors.Malformed($"its settings say d_in = {config.Count("d_in")}, and its encoder takes {dimension} values");
        string activation = config.Text("activation", "topk");
        int active = config.Count("k", UsualActive);
        var gate = activation switch
        {
            "topk" => GateKind.TopK,
            "groupmax" => GateKind.GroupMax,
            _ => throw Unrepresentable(config.Source, $"its activation '{activation}' is none of topk and groupmax"),
        };
        if (gate == GateKind.GroupMax && features % active != 0) throw tensors.Malformed($"its {features} features cannot form k = {active} equal groups");
        var coder = new SharedCoder(gate, dimension, features, tensors.Take("W_dec", features, dimension), tensors.Take("b_dec", dimension))
        {
            Encoder = tensors.Take("encoder.weight", features, dimension),
            Bias = tensors.Take("encoder.bias", features),
            Active = active,
        };
        tensors.RequireNoOthers($"sparsify's '{activation}'");
        return coder;
    }
}
