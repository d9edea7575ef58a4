namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>A tensor that a model computes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions: numbers, or names of what is free.</param>
/// <param name="Operation">The operator that makes it.</param>
/// <param name="Weights">The weights that the operator uses; in models whose tensors have numbers for names they tell which layer it is.</param>
internal sealed record ModelTensor(string Name, IReadOnlyList<string> Shape, string Operation, IReadOnlyList<string> Weights)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}  [{string.Join(", ", Shape)}]  {Operation}{(Weights.Count == 0 ? "" : $" of {string.Join(", ", Weights)}")}";
}
