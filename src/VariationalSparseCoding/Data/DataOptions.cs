namespace VariationalSparseCoding.Data;
/// <summary>Stub.</summary>
public sealed record DataOptions
{
    /// <summary>x</summary>
    public string Source { get; init; } = "natural-images";
    /// <summary>x</summary>
    public int PatchSize { get; init; } = 16;
    /// <summary>x</summary>
    public int TrainSamples { get; init; } = 20000;
    /// <summary>x</summary>
    public int ValidationSamples { get; init; } = 4000;
    /// <summary>x</summary>
    public bool Standardise { get; init; } = true;
    /// <summary>x</summary>
    public void Validate(ICollection<string> errors) { if (PatchSize < 1) errors.Add("x"); }
}
