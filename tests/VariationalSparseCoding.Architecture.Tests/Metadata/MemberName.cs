using System.Reflection.Metadata;

namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>The names of members as they stand in the source.</summary>
internal static class MemberName
{
    /// <summary>
    /// Returns the path to a member inside its outermost type. The compiler names what it makes after the member it comes from, in angle
    /// brackets: a closure's method is <c>&lt;Fit&gt;b__0</c>, an iterator's class <c>&lt;Rows&gt;d__3</c>. The path ends with that member.
    /// </summary>
    /// <param name="names">The names of nested types from the outside in, then the member's own name in metadata.</param>
    public static string Of(IReadOnlyList<string> names)
    {
        var path = new List<string>();
        foreach (string name in names)
        {
            if (!name.StartsWith('<'))
            {
                path.Add(name);
                continue;
            }
            string source = name.TrimStart('<');
            source = source[..source.IndexOf('>', StringComparison.Ordinal)];
            if (source.Length == 0) continue;
            path.Add(source);
            break;
        }
        return string.Join('.', path);
    }

    /// <summary>Returns the names from a type's outermost type, which is left out, to the type itself: the beginning of its members' paths.</summary>
    /// <param name="metadata">The metadata of the assembly.</param>
    /// <param name="type">A type, nested or not.</param>
    public static IReadOnlyList<string> Around(MetadataReader metadata, TypeDefinition type)
    {
        var names = new List<string>();
        for (var outer = type.GetDeclaringType(); !outer.IsNil; outer = type.GetDeclaringType())
        {
            names.Insert(0, metadata.GetString(type.Name));
            type = metadata.GetTypeDefinition(outer);
        }
        return names;
    }
}
