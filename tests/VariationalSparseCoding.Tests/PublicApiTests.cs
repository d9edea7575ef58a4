using System.Reflection;
using System.Runtime.CompilerServices;

namespace VariationalSparseCoding.Tests;

/// <summary>
/// What the library promises is a text file that a review can see change. After an intended change, write it anew:
/// VSC_UPDATE_PUBLIC_API=1 dotnet test -c Release tests/VariationalSparseCoding.Tests --filter PublicApiTests
/// </summary>
public class PublicApiTests
{
    private const string Update = "VSC_UPDATE_PUBLIC_API";

    [Fact]
    public void The_public_surface_is_the_one_on_record()
    {
        string[] actual = [.. Describe(typeof(SparseCoder).Assembly)];
        string file = Path.Combine(Root(), "src", "VariationalSparseCoding", "PublicAPI.txt");
        if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllLines(file, actual);
        string[] recorded = File.ReadAllLines(file);
        string[] changes = [.. actual.Except(recorded).Select(line => "+ " + line), .. recorded.Except(actual).Select(line => "- " + line)];
        Assert.True(changes.Length == 0, $"The public API changed; if that is meant, run the tests once with {Update}=1:\n{string.Join('\n', changes)}");
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VariationalSparseCoding.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static IEnumerable<string> Describe(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => Members(type).Select(member => $"{Name(type)}.{member}").Prepend(Header(type))).Order(StringComparer.Ordinal);

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        string[] bases = [.. new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object) && b != typeof(ValueType) && !type.IsEnum).Concat(type.GetInterfaces()).Where(b => b.IsVisible).Select(Name).Order(StringComparer.Ordinal)];
        return $"{Name(type)} ({kind}{(bases.Length == 0 || type.IsEnum ? "" : ": " + string.Join(", ", bases))})";
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var member in type.GetMembers(all).Where(member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null))
        {
            string? line = member switch
            {
                ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
                MethodInfo method when IsVisible(method) && !method.IsSpecialName => $"{Static(method)}{method.Name}{Generics(method)}({Parameters(method)}) -> {Name(method.ReturnType)}",
                PropertyInfo property when property.GetMethod is { } get && IsVisible(get) => $"{Static(get)}{property.Name}{Indices(property)} {{ get;{Setter(property)} }} -> {Name(property.PropertyType)}",
                FieldInfo { IsLiteral: true, IsPublic: true } constant => $"const {constant.Name} = {constant.GetRawConstantValue()} -> {Name(constant.FieldType)}",
                FieldInfo { IsPublic: true, IsSpecialName: false } field => $"{field.Name} -> {Name(field.FieldType)}",
                _ => null,
            };
            if (line is not null) yield return line;
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "";

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } set || !IsVisible(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";

    private static string Indices(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } indices ? $"[{string.Join(", ", indices.Select(Parameter))}]" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")}";

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter) return type.Name;
        string name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Assembly == typeof(SparseCoder).Assembly ? $"{type.Namespace}.{type.Name}"["VariationalSparseCoding.".Length..] : type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
