using System.Reflection;
using System.Runtime.CompilerServices;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests;

/// <summary>A null where a value is needed is refused at the door, under the parameter's name.</summary>
public class NullArgumentTests
{
    /// <summary>Every public method and constructor with a parameter that must not be null, and that parameter.</summary>
    public static TheoryData<string, string> Parameters => [.. Calls().SelectMany(call => Needed(call).Select(parameter => (Name(call), parameter.Name!)))];

    [Theory, Trait("Fault", "B10")]
    [MemberData(nameof(Parameters))]
    public void A_null_is_refused_by_name(string method, string parameter)
    {
        var call = Calls().Single(candidate => Name(candidate) == method);
        using var coder = Fitted();
        object? target = call is ConstructorInfo || call.IsStatic ? null : call.DeclaringType == typeof(SparseCoder) ? coder : new LassoProblem(new float[2, 3]);
        object?[] arguments = [.. call.GetParameters().Select(p => p.Name == parameter ? null : p.HasDefaultValue ? Default(p) : Some(p.ParameterType))];
        var error = Assert.IsType<ArgumentNullException>(Thrown(call, target, arguments));
        Assert.Equal(parameter, error.ParamName);
    }

    [Fact]
    public void A_null_beside_spans_is_refused_by_name()
    {
        var problem = new LassoProblem(new float[2, 3]);
        Assert.Throws<ArgumentNullException>("options", () => problem.Solve(new float[] { 1, 2 }, null!));
        Assert.Throws<ArgumentNullException>("match", () => DictionaryRecovery.Support<float>(null!, [], 1, []));
    }

    [Fact, Trait("Fault", "B10")]
    public void Options_that_are_null_are_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("Method", () => Fit(new() { Method = null! }));
        Assert.Throws<ArgumentNullException>("Posterior", () => Fit(new() { Configure = experiment => experiment with { Posterior = null! } }));
        Assert.StartsWith("Configure: ", Assert.Throws<InvalidInputException>(() => Fit(new() { Configure = _ => null! })).Message, StringComparison.Ordinal);
    }

    private static void Fit(SparseCoderOptions options)
    {
        using var coder = new SparseCoder(options);
        coder.Fit(new float[,] { { 1, 2 }, { 2, 1 }, { 0, 1 } });
    }

    private static SparseCoder Fitted()
    {
        var coder = new SparseCoder(new() { Atoms = 2, Epochs = 1, Draws = 1, Threads = 1 });
        coder.Fit(new float[,] { { 1, 2 }, { 2, 1 }, { 0, 1 } });
        return coder;
    }

    // Records and exceptions carry what they are given.
    private static IEnumerable<MethodBase> Calls() => typeof(SparseCoder).Assembly.GetExportedTypes()
        .Where(type => type.GetMethod("<Clone>$") is null && !type.IsValueType && !type.IsSubclassOf(typeof(Exception)) || type.IsAbstract)
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName)
            .Concat<MethodBase>(type.GetConstructors()))
        .Concat(typeof(SyntheticData).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => !method.IsSpecialName))
        .Where(call => !call.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike) && Needed(call).Any());

    private static IEnumerable<ParameterInfo> Needed(MethodBase call)
    {
        var nullability = new NullabilityInfoContext();
        return call.GetParameters().Where(parameter => !parameter.ParameterType.IsValueType && nullability.Create(parameter).WriteState == NullabilityState.NotNull);
    }

    private static string Name(MethodBase call) => $"{call.DeclaringType!.Name}.{call.Name}({string.Join(", ", call.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    private static object? Default(ParameterInfo parameter) => parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, parameter.DefaultValue!) : parameter.DefaultValue;

    private static object Some(Type type) => type switch
    {
        _ when type == typeof(string) => "nowhere",
        _ when type == typeof(int) => 2,
        _ when type == typeof(ulong) => 1UL,
        _ when type == typeof(float[]) => new float[6],
        _ when type == typeof(float[,]) => new float[3, 2],
        _ when type == typeof(Experiment) => new Experiment(),
        _ when type == typeof(RunFolder) => RuntimeHelpers.GetUninitializedObject(type),
        _ => Activator.CreateInstance(type)!,
    };

    private static Exception? Thrown(MethodBase call, object? target, object?[] arguments)
    {
        try
        {
            object? result = call is ConstructorInfo constructor ? constructor.Invoke(arguments) : call.Invoke(target, arguments);
            return result is Task task ? Record.Exception(task.GetAwaiter().GetResult) : null;
        }
        catch (TargetInvocationException error)
        {
            return error.InnerException;
        }
    }
}
