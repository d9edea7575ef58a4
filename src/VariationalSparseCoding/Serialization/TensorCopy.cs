namespace VariationalSparseCoding.Serialization;

/// <summary>Copies the tensors of a file into those of a model or a training state.</summary>
internal static class TensorCopy
{
    /// <summary>Fills tensors from those of the same names.</summary>
    /// <param name="targets">What is to be filled; each must be there with its shape and type, and finite.</param>
    /// <param name="saved">What the file holds.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InvalidInputException">A tensor is missing or does not fit; nothing was changed.</exception>
    public static void Fill(IReadOnlyList<StateTensor> targets, IReadOnlyDictionary<string, StoredTensor> saved, string source)
    {
        foreach (var target in targets)
        {
            if (!saved.TryGetValue(target.Name, out var found)) throw new InvalidInputException($"{source}: the tensor '{target.Name}' is missing; the file is damaged or of another version.");
            if (!found.IsLike(target)) throw new InvalidInputException($"{source}: the tensor '{target.Name}' is {found.Form}, expected {target.Form}.");
            if (!found.IsFinite) throw new InvalidInputException($"{source}: the tensor '{target.Name}' holds values that are not finite.");
        }
        foreach (var target in targets) target.Write(saved[target.Name].Read());
    }
}
