namespace VariationalSparseCoding.Serialization;

/// <summary>The content of a safetensors file.</summary>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="Metadata">The strings beside them, without the checksum.</param>
internal sealed record SafetensorsFile(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Whether the file carries a <see cref="SafetensorsChecksum"/>, which then was found to hold; without one, damage cannot be found.</summary>
    public bool HasChecksum { get; init; }
}
