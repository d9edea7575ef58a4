using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>
/// Which types of an assembly use which others, read from its metadata: base types, interfaces, constraints, attributes, fields, properties,
/// events, the signatures of methods and their bodies. Nothing of the assembly is run. Constants and <c>nameof</c> leave no trace in metadata.
/// </summary>
internal sealed class TypeUses
{
    private readonly PEReader file;
    private readonly MetadataReader metadata;
    private readonly TypeCollector types;
    private readonly HashSet<TypeUse> uses = [];

    private TypeUses(PEReader file)
    {
        this.file = file;
        metadata = file.GetMetadataReader();
        types = new(metadata);
    }

    /// <summary>Returns each use once, ordered by its text.</summary>
    /// <param name="path">The assembly's file.</param>
    public static IReadOnlyList<TypeUse> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = new TypeUses(file);
        foreach (var type in reader.metadata.TypeDefinitions) reader.AddType(type);
        return [.. reader.uses.OrderBy(use => use.ToString(), StringComparer.Ordinal)];
    }

    private void AddType(TypeDefinitionHandle handle)
    {
        var user = types.Outermost(handle);
        if (user.IsGenerated) return;
        var type = metadata.GetTypeDefinition(handle);
        var around = MemberName.Around(metadata, type);

        types.Add(type.BaseType);
        foreach (var face in type.GetInterfaceImplementations()) types.Add(metadata.GetInterfaceImplementation(face).Interface);
        types.Add(type.GetGenericParameters());
        types.Add(type.GetCustomAttributes());
        AddUses(user, MemberName.Of(around));

        foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
        {
            field.DecodeSignature(types, null);
            types.Add(field.GetCustomAttributes());
            AddUses(user, MemberName.Of([.. around, metadata.GetString(field.Name)]));
        }
        foreach (var property in type.GetProperties().Select(metadata.GetPropertyDefinition))
        {
            property.DecodeSignature(types, null);
            types.Add(property.GetCustomAttributes());
            AddUses(user, MemberName.Of([.. around, metadata.GetString(property.Name)]));
        }
        foreach (var happening in type.GetEvents().Select(metadata.GetEventDefinition))
        {
            types.Add(happening.Type);
            types.Add(happening.GetCustomAttributes());
            AddUses(user, MemberName.Of([.. around, metadata.GetString(happening.Name)]));
        }
        foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
        {
            AddMethod(method);
            AddUses(user, MemberName.Of([.. around, metadata.GetString(method.Name)]));
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(types, null);
        types.Add(method.GetGenericParameters());
        types.Add(method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters()) types.Add(metadata.GetParameter(parameter).GetCustomAttributes());
        if (method.RelativeVirtualAddress != 0) types.Add(file.GetMethodBody(method.RelativeVirtualAddress));
    }

    private void AddUses(NamedType user, string member)
    {
        foreach (var used in types.Take().Where(used => used != user && !(used.Assembly == user.Assembly && used.IsGenerated))) uses.Add(new(user, member, used));
    }
}
