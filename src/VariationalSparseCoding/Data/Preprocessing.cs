namespace VariationalSparseCoding.Data;
/// <summary>Stub.</summary>
public sealed record Preprocessing(int Dimension)
{
    /// <summary>Stub.</summary>
    public static Preprocessing Raw(int dimension) => new(dimension);
}
