namespace VariationalSparseCoding.Experiments;

/// <summary>Sparse autoencoders: codes are a function of the sample, and nothing is drawn; <see cref="Method.Gate"/> says which features are active.</summary>
internal sealed record AutoencoderMethods : MethodFamily
{
    /// <inheritdoc/>
    public override string Name => "autoencoder";
}
