using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>A method and the number of its parameters.</summary>
/// <param name="Type">The outermost type around the method.</param>
/// <param name="Method">The method's name in the source.</param>
/// <param name="Count">The number of parameters that the source names.</param>
internal sealed record ParameterList(NamedType Type, string Method, int Count)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type.Name}.{Method} has {Count} parameters";
}

/// <summary>Reads the parameter lists that are written in an assembly's source.</summary>
internal static class ParameterLists
{
    /// <summary>
    /// Returns the parameter lists of methods, constructors, delegates, lambdas and local functions. Left out are the constructors of
    /// records, whose parameters are their properties, what the compiler writes by itself, and signatures that native libraries give.
    /// </summary>
    /// <param name="path">The assembly's file.</param>
    public static IReadOnlyList<ParameterList> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var types = new TypeCollector(metadata);
        var lists = new List<ParameterList>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var methods = type.GetMethods().Select(metadata.GetMethodDefinition).ToList();
            bool isRecord = methods.Any(method => metadata.GetString(method.Name) == "PrintMembers" && IsGenerated(metadata, method));
            foreach (var method in methods)
            {
                string name = metadata.GetString(method.Name);
                if (isRecord && name == ".ctor" || IsGenerated(metadata, method) || IsGivenFromOutside(method, name)) continue;
                // A local function gets the variables it captures as further parameters without names.
                int count = method.GetParameters().Select(metadata.GetParameter).Count(parameter => parameter.SequenceNumber > 0 && !parameter.Name.IsNil);
                lists.Add(new(types.Outermost(handle), MemberName.Of([.. MemberName.Around(metadata, type), name]), count));
            }
        }
        return lists;
    }

    private static bool IsGivenFromOutside(MethodDefinition method, string name) =>
        method.Attributes.HasFlag(MethodAttributes.PinvokeImpl) || method.ImplAttributes.HasFlag(MethodImplAttributes.Runtime) && name != "Invoke";

    private static bool IsGenerated(MetadataReader metadata, MethodDefinition method)
    {
        if (metadata.GetString(method.Name).StartsWith('<')) return false;
        var attributes = new TypeCollector(metadata);
        foreach (var attribute in method.GetCustomAttributes()) attributes.Add(metadata.GetCustomAttribute(attribute).Constructor);
        return attributes.Take().Any(attribute => attribute.Name == "CompilerGeneratedAttribute");
    }
}
