using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>The SparseAutoEncoder of sentence-transformers (contrastive sparse representations, CSR): config.json and model.safetensors. Its atoms are the rows of the encoder.</summary>
internal sealed class SentenceTransformersFormat : CoderFormat
{
    private const int UsualActive = 8;

    /// <inheritdoc/>
    public override string Name => "sentence-transformers";

    /// <inheritdoc/>
    public override string Title => "sentence-transformers";

    /// <inheritdoc/>
    public override string WeightsFile => "model.safetensors";

    /// <summary>The encoder of texts beside it has files of the same names.</summary>
    /// <inheritdoc/>
    public override bool Recognises(string weights) =>
        InputFile.Read(weights, stream => SafetensorsHeader.Read(stream, weights, stream.Length)).Entries.Any(entry => entry.Name == "latent_bias");

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        var config = CoderConfig.Read(Beside(weights, "config.json"));
        if (config.Flag("normalize", false))
            throw Unrepresentable(config.Source, "it normalises each sample by itself (normalize = true) and undoes that after decoding, so that a code alone does not say what it stands for");
        var tensors = new SharedTensors(weights, Safetensors.Read(weights).Tensors);
        // One matrix under two names: a file holds either.
        string encoder = tensors.Has("encoder.weight") ? "encoder.weight" : "decoder.linear.weight";
        var (features, dimension) = tensors.SizeOf(encoder);
        tensors.RequireSizes(config, "encoder", ("input_dim", dimension), ("hidden_dim", features));
        float[] atoms = tensors.Take(encoder, features, dimension);
        var coder = new SharedCoder(GateKind.TopK, dimension, features, atoms, tensors.Take("pre_bias", dimension))
        {
            Encoder = atoms,
            Bias = tensors.Take("latent_bias", features),
            Active = config.Count("k", UsualActive),
        };
        tensors.Ignore("decoder.linear.weight", "stats_last_nonzero");
        tensors.RequireNoOthers("the SparseAutoEncoder of sentence-transformers");
        return coder;
    }
}
