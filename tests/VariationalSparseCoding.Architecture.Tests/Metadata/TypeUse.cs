namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>One type's use of another.</summary>
/// <param name="User">The type that uses.</param>
/// <param name="Member">The member that uses; empty if the type's own declaration does.</param>
/// <param name="Used">The type that is used.</param>
internal sealed record TypeUse(NamedType User, string Member, NamedType Used)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Member.Length == 0 ? User.Name : $"{User.Name}.{Member}")} -> {Used.Name}";
}
