namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>The name of an outermost type. Nested types, and with them closures and state machines, go by the type around them.</summary>
/// <param name="Assembly">The assembly that defines the type, by its simple name.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Name">The name as in metadata, with a tick and the number of generic parameters where there are some.</param>
internal sealed record NamedType(string Assembly, string Namespace, string Name)
{
    /// <summary>
    /// Whether the compiler or a generator made the type for the whole assembly: anonymous types, constant data, attributes and regular
    /// expressions in the platform's namespaces. They belong to no folder, and what they use is not written by anyone.
    /// </summary>
    public bool IsGenerated => Namespace.Length == 0 ? Name.StartsWith('<') : IsOf("System") || IsOf("Microsoft");

    /// <inheritdoc/>
    public override string ToString() => Name;

    private bool IsOf(string root) => Namespace == root || Namespace.StartsWith(root + ".", StringComparison.Ordinal);
}
