using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>
/// Collects the types that metadata name: handed to the decoders of signatures and attributes, it notes each type they meet. What a
/// decoder builds from types (arrays, pointers, generic instances) is of no interest once its parts are noted, and is null.
/// </summary>
/// <param name="metadata">The metadata of the assembly.</param>
internal sealed class TypeCollector(MetadataReader metadata) : ISignatureTypeProvider<NamedType?, object?>, ICustomAttributeTypeProvider<NamedType?>
{
    private static readonly NamedType systemType = new("System.Runtime", "System", "Type");

    private readonly string assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);
    private readonly HashSet<NamedType> found = [];

    /// <summary>Returns what was found since the last call.</summary>
    public IReadOnlyList<NamedType> Take()
    {
        NamedType[] taken = [.. found];
        found.Clear();
        return taken;
    }

    /// <summary>Returns the outermost type around a type of the assembly, and does not note it.</summary>
    /// <param name="handle">A type's definition.</param>
    public NamedType Outermost(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        for (var outer = type.GetDeclaringType(); !outer.IsNil; outer = type.GetDeclaringType()) type = metadata.GetTypeDefinition(outer);
        return new(assembly, metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <summary>
    /// Notes the types a token names: a type itself, the type that declares a member, the arguments of generic types and methods. The
    /// signature of a member that is only called is left out. It cannot hide a use: its types are used by the type that declares the
    /// member, so a chain of uses leads to them.
    /// </summary>
    /// <param name="token">A type, member or signature; may be nil.</param>
    public void Add(EntityHandle token)
    {
        if (token.IsNil) return;
        switch (token.Kind)
        {
            case HandleKind.TypeDefinition:
                GetTypeFromDefinition(metadata, (TypeDefinitionHandle)token, 0);
                break;
            case HandleKind.TypeReference:
                GetTypeFromReference(metadata, (TypeReferenceHandle)token, 0);
                break;
            case HandleKind.TypeSpecification:
                GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)token, 0);
                break;
            case HandleKind.FieldDefinition:
                Add(metadata.GetFieldDefinition((FieldDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Add(metadata.GetMethodDefinition((MethodDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(metadata.GetMemberReference((MemberReferenceHandle)token).Parent);
                break;
            case HandleKind.MethodSpecification:
                var method = metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                Add(method.Method);
                method.DecodeSignature(this, null);
                break;
            case HandleKind.StandaloneSignature:
                AddSignature(metadata.GetStandaloneSignature((StandaloneSignatureHandle)token));
                break;
            case HandleKind.ModuleReference:
                break;
            default:
                throw new BadImageFormatException($"A token of the unknown kind {token.Kind}.");
        }
    }

    /// <summary>Notes attributes: their types, and the types and enumerations among their arguments.</summary>
    /// <param name="attributes">The attributes of a type, member, parameter or generic parameter.</param>
    public void Add(CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            var attribute = metadata.GetCustomAttribute(handle);
            Add(attribute.Constructor);
            attribute.DecodeValue(this);
        }
    }

    /// <summary>Notes the constraints and attributes of generic parameters.</summary>
    /// <param name="parameters">The generic parameters of a type or method.</param>
    public void Add(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(metadata.GetGenericParameter))
        {
            Add(parameter.GetCustomAttributes());
            foreach (var constraint in parameter.GetConstraints()) Add(metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    /// <summary>Notes the types that instructions, local variables and exception handlers name.</summary>
    /// <param name="body">The body of a method.</param>
    public void Add(MethodBodyBlock body)
    {
        Add(body.LocalSignature);
        foreach (var region in body.ExceptionRegions) Add(region.CatchType);
        foreach (var token in InstructionTokens.Read(body.GetILReader())) Add(token);
    }

    private void AddSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables) signature.DecodeLocalSignature(this, null);
        else signature.DecodeMethodSignature(this, null);
    }

    private NamedType Note(NamedType type)
    {
        found.Add(type);
        return type;
    }

    /// <inheritdoc/>
    public NamedType? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Note(Outermost(handle));

    /// <inheritdoc/>
    public NamedType? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = metadata.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference) type = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        string definedBy = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) : assembly;
        return Note(new(definedBy, metadata.GetString(type.Namespace), metadata.GetString(type.Name)));
    }

    /// <inheritdoc/>
    public NamedType? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        metadata.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    /// <summary>Notes a type that an attribute's argument spells out, with its generic arguments.</summary>
    /// <param name="name">The name, qualified by an assembly if another one defines the type.</param>
    public NamedType? GetTypeFromSerializedName(string name) => NoteSpelled(TypeName.Parse(name));

    private NamedType? NoteSpelled(TypeName type)
    {
        if (type.IsConstructedGenericType)
        {
            foreach (var argument in type.GetGenericArguments()) NoteSpelled(argument);
            return NoteSpelled(type.GetGenericTypeDefinition());
        }
        if (!type.IsSimple) return NoteSpelled(type.GetElementType());
        while (type.IsNested) type = type.DeclaringType!;
        return Note(new NamedType(type.AssemblyName?.Name ?? assembly, type.Namespace, type.Name));
    }

    /// <summary>Returns the numbers an enumeration consists of. Those of other assemblies are taken for int, which all that stand in attributes here are.</summary>
    /// <param name="type">The enumeration.</param>
    public PrimitiveTypeCode GetUnderlyingEnumType(NamedType? type)
    {
        foreach (var definition in metadata.TypeDefinitions.Where(handle => Outermost(handle) == type).Select(metadata.GetTypeDefinition))
        {
            foreach (var field in definition.GetFields().Select(metadata.GetFieldDefinition).Where(field => metadata.GetString(field.Name) == "value__"))
            {
                var signature = metadata.GetBlobReader(field.Signature);
                signature.ReadSignatureHeader();
                return (PrimitiveTypeCode)signature.ReadByte();
            }
        }
        return PrimitiveTypeCode.Int32;
    }

    /// <inheritdoc/>
    public NamedType? GetSystemType() => systemType;

    /// <inheritdoc/>
    public bool IsSystemType(NamedType? type) => type is { Namespace: "System", Name: "Type" };

    /// <inheritdoc/>
    public NamedType? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

    /// <inheritdoc/>
    public NamedType? GetSZArrayType(NamedType? elementType) => null;

    /// <inheritdoc/>
    public NamedType? GetArrayType(NamedType? elementType, ArrayShape shape) => null;

    /// <inheritdoc/>
    public NamedType? GetByReferenceType(NamedType? elementType) => null;

    /// <inheritdoc/>
    public NamedType? GetPointerType(NamedType? elementType) => null;

    /// <inheritdoc/>
    public NamedType? GetPinnedType(NamedType? elementType) => null;

    /// <inheritdoc/>
    public NamedType? GetModifiedType(NamedType? modifier, NamedType? unmodifiedType, bool isRequired) => null;

    /// <inheritdoc/>
    public NamedType? GetGenericInstantiation(NamedType? genericType, ImmutableArray<NamedType?> typeArguments) => null;

    /// <inheritdoc/>
    public NamedType? GetGenericTypeParameter(object? genericContext, int index) => null;

    /// <inheritdoc/>
    public NamedType? GetGenericMethodParameter(object? genericContext, int index) => null;

    /// <inheritdoc/>
    public NamedType? GetFunctionPointerType(MethodSignature<NamedType?> signature) => null;
}
