using System.Runtime.CompilerServices;
using Sample.Low;

namespace Sample.High;

#pragma warning disable CA1812, CA1822, CA1823, CA1852, CS0169, CS0649, CS0067, IDE0044, IDE0051, IDE0052, IDE0060 // Declared to be read.

/// <summary>An attribute with arguments.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
internal sealed class ArgumentAttribute(object? value) : Attribute
{
    public object? Value => value;

    public Type[]? Types { get; set; }
}

internal class ByNothing
{
    public string Text => $"{nameof(Thing)} {Environment.TickCount}";
}

internal class ByBase : Thing;

internal class ByInterface : IThing;

internal class ByBaseArgument : List<Thing>;

internal class ByConstraint<T> where T : Thing;

internal class ByConstraintOfMethod
{
    public void Run<T>() where T : Thing { }
}

[Mark]
internal class ByAttribute;

internal class ByAttributeOfField
{
    [Mark] private int field;
}

internal class ByAttributeOfProperty
{
    [Mark] public int Property => 1;
}

internal class ByAttributeOfEvent
{
    [Mark] public event Action? Happened;
}

internal class ByAttributeOfMethod
{
    [Mark] public void Run() { }
}

internal class ByAttributeOfParameter
{
    public void Run([Mark] int parameter) { }
}

internal class ByAttributeOfResult
{
    [return: Mark] public int Run() => 1;
}

internal class ByAttributeOfGenericParameter<[Mark] T>;

[Argument(typeof(Thing))]
internal class ByAttributeArgument;

[Argument(null, Types = [typeof(int), typeof(List<Thing.Inner[]>)])]
internal class ByNamedAttributeArgument;

[Argument(Size.Large)]
internal class ByEnumInAttribute;

internal class ByField
{
    private Thing? field;
}

internal class ByArrayField
{
    private Thing[,]? field;
}

internal class ByGenericField
{
    private Dictionary<int, Thing?>? field;
}

internal unsafe class ByPointerField
{
    private Size* field;
}

internal unsafe class ByFunctionPointerField
{
    private delegate*<Thing, void> field;
}

internal class ByNestedTypeOfField
{
    private Thing.Inner? field;
}

internal class ByProperty
{
    public Thing? Property => null;
}

internal class ByEvent
{
    public event Action<Thing>? Happened
    {
        add { }
        remove { }
    }
}

internal class ByParameter
{
    public void Run(Thing parameter) { }
}

internal class ByRefParameter
{
    public void Run(ref Size parameter) { }
}

internal class ByResult
{
    public Thing? Run() => null;
}

internal delegate void ByDelegate(Thing parameter);

internal record ByRecord(Thing Parameter);

internal class ByNested
{
    internal class Inner
    {
        private Thing? field;
    }
}

internal class ByNew
{
    public object Run() => new Thing();
}

internal class ByCall
{
    public object? Run() => Thing.Last;
}

internal class ByGenericCall
{
    public object Run() => Activator.CreateInstance<Thing>();
}

internal class ByCallOfGenericType
{
    public object Run() => new List<Thing>();
}

internal class ByFieldAccess
{
    public object? Run(object box) => Unsafe.As<Box<int>>(box).Content;
}

internal class ByTypeof
{
    public object Run() => typeof(Thing);
}

internal class ByOpenTypeof
{
    public object Run() => typeof(Box<>);
}

internal class ByCast
{
    public object Run(object value) => (Thing)value;
}

internal class ByTest
{
    public bool Run(object value) => value is Thing;
}

internal class ByBoxing
{
    public object Run() => Size.Large;
}

internal class ByArray
{
    public object Run() => new Thing[3];
}

internal class ByLocal
{
    public string? Run(bool which)
    {
        Thing?[]? local = null;
        if (which) Fill(out local);
        return local?.ToString();
    }

    private static void Fill<T>(out T? value) => value = default;
}

internal class ByCatch
{
    public int Run()
    {
        try
        {
            return Environment.TickCount;
        }
        catch (Thing)
        {
            return 0;
        }
    }
}

internal class ByMethodGroup
{
    public Func<object> Run() => Thing.Make<object>;
}

internal unsafe class ByCallThroughPointer
{
    public void Run(nint function) => ((delegate*<Thing?, void>)function)(null);
}

internal class AfterSwitch
{
    // A switch instruction has an operand of variable length; what comes after it is read as well.
    public object Run(int value)
    {
        double number = value switch { 0 => 1.5, 1 => 2.5, 2 => 3.5, 3 => 4.5, 4 => 5.5, _ => 6.5 };
        long large = value > 7 ? long.MaxValue : -1;
        return number > large ? "text" : new Thing();
    }
}

internal class ByLambda
{
    public Func<object> Run(int captured) => () => captured > 0 ? new Thing() : "";
}

internal class ByStaticLambda
{
    public Func<object> Run() => () => new Thing();
}

internal class ByLocalFunction
{
    public object Run(int captured)
    {
        return Make();

        object Make() => captured > 0 ? new Thing() : "";
    }
}

internal class ByIterator
{
    public IEnumerable<object> Run()
    {
        yield return new Thing();
    }
}

internal class ByAsync
{
    public async Task<object> Run()
    {
        await Task.Yield();
        return new Thing();
    }
}

internal class ByAsyncLambda
{
    public Func<Task<object>> Run() => async () =>
    {
        await Task.Yield();
        return new Thing();
    };
}

internal class ByInitialiser
{
    private readonly object field = new Thing();
}

internal class ByStaticInitialiser
{
    private static readonly object field = new Thing();
}

/// <summary>Parameter lists to be counted.</summary>
internal class Lists
{
    public delegate void Told(int a, int b);

    public Lists(int a, int b, int c) { }

    public static int operator +(Lists a, Lists b) => 1;

    public int this[int a, int b, int c, int d] => 1;

    public record Row(int A, int B, int C, int D, int E);

    public readonly record struct Cell(int A, int B, int C, int D, int E);

    public int Five(int a, int b, int c, int d, int e)
    {
        return Local(1, 2) + Local(3, 4);

        // Captures: its struct of captured variables is a parameter that nobody wrote.
        int Local(int f, int g) => a + b + f + g;
    }

    public Func<int, int, int, int> Lambda() => (a, b, c) => a + b + c;
}
