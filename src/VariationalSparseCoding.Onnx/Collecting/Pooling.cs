namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>What becomes of the positions (tokens, patches) of a sample.</summary>
internal enum Pooling
{
    /// <summary>Each is a row.</summary>
    None,

    /// <summary>Their mean is a row.</summary>
    Mean,

    /// <summary>The first is a row.</summary>
    First,
}
